package import Crypto
package import Postgres

/// A column that is sealed under patients' keys, as the rotation of a patient's key seals it anew. Its table has a
/// `patient_id`, and beside the sealed value the key's version.
package struct SealedColumn: Sendable {
    /// The column of the key's version: `patient_health.key_version`.
    package let name: String
    let table: SQL
    /// The row's id; with `rowVersion` it names the row.
    let id: SQL
    let rowVersion: SQL
    let sealed: SQL
    let keyVersion: SQL
    let cell: @Sendable (_ id: String, _ rowVersion: Int) -> AssociatedData

    package init(
        _ name: String, in table: SQL, id: SQL, rowVersion: SQL = "1", sealed: SQL, keyVersion: SQL,
        cell: @escaping @Sendable (_ id: String, _ rowVersion: Int) -> AssociatedData
    ) {
        self.name = name
        self.table = table
        self.id = id
        self.rowVersion = rowVersion
        self.sealed = sealed
        self.keyVersion = keyVersion
        self.cell = cell
    }

    /// Every such column of the service: a table that is not here would keep a patient's old key alive.
    package static let all: [SealedColumn] = [
        SealedColumn(
            "access_grant.key_version", in: "access_grant", id: "grant_id", sealed: "sealed_reason",
            keyVersion: "key_version",
            cell: { id, _ in GrantStore.cell(id, "sealed_reason") }),
        SealedColumn(
            "access_grant.note_key_version", in: "access_grant", id: "grant_id", sealed: "sealed_note",
            keyVersion: "note_key_version",
            cell: { id, _ in GrantStore.cell(id, "sealed_note") }),
        SealedColumn(
            "patient_health.key_version", in: "patient_health", id: "patient_id", rowVersion: "version",
            sealed: "sealed", keyVersion: "key_version",
            cell: { PatientHealthStore.cell($0, $1) }),
        SealedColumn(
            "prescription.key_version", in: "prescription", id: "prescription_id", rowVersion: "version",
            sealed: "sealed", keyVersion: "key_version",
            cell: { PrescriptionStore.cell($0, version: $1) }),
        SealedColumn(
            "report.key_version", in: "report", id: "report_id", sealed: "sealed", keyVersion: "key_version",
            cell: { id, _ in ReportStore.cell(id, "sealed") }),
        SealedColumn(
            "report.reason_key_version", in: "report", id: "report_id", sealed: "sealed_reason",
            keyVersion: "reason_key_version",
            cell: { id, _ in ReportStore.cell(id, "sealed_reason") }),
        SealedColumn(
            "attachment.key_version", in: "attachment", id: "attachment_id", sealed: "sealed",
            keyVersion: "key_version",
            cell: { id, _ in AttachmentStore.cell(id) }),
        // The files' own keys; no byte of a file is written anew.
        SealedColumn(
            "stored_file.key_version", in: "stored_file", id: "file_id", sealed: "wrapped", keyVersion: "key_version",
            cell: { id, _ in StoredFiles.cell(id) }),
    ]
}
