import Chassis
import Crypto
package import Kernel
package import Postgres
package import RecordsDomain

/// Files with prescriptions. Row-level security shows them with their prescription.
package struct AttachmentStore: Sendable {
    let database: Database
    let keys: PatientKeys

    package init(database: Database, keys: PatientKeys) {
        self.database = database
        self.keys = keys
    }

    /// The row of its file is written before, in the same transaction.
    package func insert(_ attachment: AttachmentRecord, under key: PatientKey, in tx: Transaction) async throws {
        let sealed = try key.seal(attachment.words.bytes, for: Self.cell(attachment.id.description))
        try await tx.run(
            """
            insert into attachment (attachment_id, prescription_id, patient_id, uploaded_by, sealed, key_version,
                file_id, created_at)
            values (\(attachment.id), \(attachment.prescription), \(attachment.patient), \(attachment.uploadedBy),
                \(sealed), \(key.version), \(attachment.file.id), \(attachment.createdAt))
            """)
    }

    /// Nil where the caller sees no such file with the prescription.
    package func find(
        _ id: ID<Attachment>, of prescription: ID<Prescription>, as scope: Scope
    ) async throws -> AttachmentRecord? {
        try await of([prescription], as: scope)[prescription]?.first { $0.id == id }
    }

    /// Those of each of these prescriptions, the oldest first.
    package func of(
        _ prescriptions: [ID<Prescription>], as scope: Scope
    ) async throws -> [ID<Prescription>: [AttachmentRecord]] {
        if prescriptions.isEmpty { return [:] }
        let rows = try await database.read(Kept.all, as: scope) {
            """
            select \($0) from attachment a join stored_file f on f.file_id = a.file_id
            where a.prescription_id = any(\(prescriptions)::uuid[]) order by a.attachment_id
            """
        }
        return Dictionary(grouping: try await open(rows), by: \.prescription)
    }

    private struct Row: Sendable {
        let id: ID<Attachment>
        let prescription: ID<Prescription>
        let patient: ID<Patient>
        let uploadedBy: ID<Account>
        let sealed: [UInt8]
        let keyVersion: Int
        let createdAt: Instant

        static let columns = Projection(
            Column<ID<Attachment>>("a.attachment_id"), Column<ID<Prescription>>("a.prescription_id"),
            Column<ID<Patient>>("a.patient_id"), Column<ID<Account>>("a.uploaded_by"), Column<[UInt8]>("a.sealed"),
            Column<Int>("a.key_version"), Column<Instant>("a.created_at"), make: Row.init)
    }

    private struct Kept: Sendable {
        let row: Row
        let file: FileRecord

        var key: PatientKeyName { PatientKeyName(row.patient, row.keyVersion) }

        static let all = (Row.columns + StoredFiles.row).map { Kept(row: $0.0, file: $0.1) }
    }

    /// What was sealed under a key that is destroyed is left out.
    private func open(_ kept: [Kept]) async throws -> [AttachmentRecord] {
        let known = try await keys.keys(Set(kept.map(\.key)))
        return try kept.compactMap { kept in try known[kept.key].map { try Self.record(kept, $0) } }
    }

    private static func record(_ kept: Kept, _ key: PatientKey) throws -> AttachmentRecord {
        let row = kept.row
        guard let words = FileWords(try key.open(row.sealed, from: cell(row.id.description))) else {
            throw BrokenRow("attachment", row.id)
        }
        return AttachmentRecord(
            id: row.id, prescription: row.prescription, patient: row.patient, uploadedBy: row.uploadedBy,
            words: words, file: kept.file, createdAt: row.createdAt)
    }

    static func cell(_ id: String) -> AssociatedData {
        AssociatedData(table: "attachment", row: id, column: "sealed")
    }
}
