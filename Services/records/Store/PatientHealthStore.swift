import Crypto
import JSON
package import Kernel
package import Postgres
package import RecordsDomain

/// What is written down of a patient's health, sealed under the patient's key. It counts its versions.
package struct PatientHealthStore: Sendable {
    let database: Database
    let keys: PatientKeys

    package init(database: Database, keys: PatientKeys) {
        self.database = database
        self.keys = keys
    }

    /// What is kept.
    package struct Kept: Sendable, Equatable {
        package let record: HealthRecord
        package let version: Int64
        package let updatedAt: Instant
    }

    private struct Row: Sendable {
        let sealed: [UInt8]
        let keyVersion: Int
        let version: Int64
        let updatedAt: Instant

        static let row = Projection(
            Column<[UInt8]>("sealed"), Column<Int>("key_version"), Column<Int64>("version"),
            Column<Instant>("updated_at"), make: Row.init)
    }

    /// Nil where nothing was written down, or the key was destroyed.
    package func find(_ patient: ID<Patient>, as scope: Scope) async throws -> Kept? {
        let rows = try await database.read(Row.row, as: scope) {
            "select \($0) from patient_health where patient_id = \(patient)"
        }
        guard let row = rows.first,
            let key = try await keys.keys([PatientKeyName(patient, row.keyVersion)]).values.first
        else { return nil }
        return try kept(row, of: patient, with: key)
    }

    private func kept(_ row: Row, of patient: ID<Patient>, with key: PatientKey) throws -> Kept {
        let plain = try key.open(row.sealed, from: Self.cell(patient.description, Int(clamping: row.version)))
        guard let record = HealthDocument.record(in: plain) else { throw BrokenRow("patient_health", patient) }
        return Kept(record: record, version: row.version, updatedAt: row.updatedAt)
    }

    /// Whose health is written, by whom and when.
    struct Writing: Sendable {
        let patient: ID<Patient>
        let account: ID<Account>?
        let by: ID<Account>
        let at: Instant
        let key: PatientKey
    }

    /// - Parameter before: the version that was read; 0 where there was none.
    /// - Throws: `precondition_failed` when somebody else wrote meanwhile.
    func write(_ record: HealthRecord, after before: Int64, _ writing: Writing, in tx: Transaction) async throws -> Kept
    {
        let version = before + 1
        let sealed = try writing.key.seal(
            HealthDocument.bytes(of: record), for: Self.cell(writing.patient.description, Int(clamping: version)))
        let written = try await tx.run(
            """
            insert into patient_health as h (patient_id, patient_account, sealed, key_version, version, updated_by,
                updated_at)
            values (\(writing.patient), \(writing.account), \(sealed), \(writing.key.version), \(version),
                \(writing.by), \(writing.at))
            on conflict (patient_id) do update set patient_account = excluded.patient_account,
                sealed = excluded.sealed, key_version = excluded.key_version, version = excluded.version,
                updated_by = excluded.updated_by, updated_at = excluded.updated_at
            where h.version = \(before)
            """)
        if written.affected != 1 { throw Problem.preconditionFailed }
        return Kept(record: record, version: version, updatedAt: writing.at)
    }

    /// Where a version is sealed.
    static func cell(_ patient: String, _ version: Int) -> AssociatedData {
        AssociatedData(table: "patient_health", row: patient, column: "sealed", version: version)
    }
}

/// The form in which health is sealed: compact JSON of what is there. Its keys are stored and never renamed.
enum HealthDocument {
    static func bytes(of record: HealthRecord) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            if let allergies = record.allergies { json.field("allergies", allergies) }
            if let medicines = record.currentMedications { json.field("current_medications", medicines) }
            if let history = record.medicalHistory { json.field("medical_history", history) }
            json.field("allergies_known", record.allergiesKnown.rawValue)
        }
        return json.bytes
    }

    /// Nil when these are not the bytes of such a record.
    static func record(in bytes: [UInt8]) -> HealthRecord? {
        guard let json = try? JSONReader.read(bytes), json.object != nil else { return nil }
        return HealthRecord(
            allergies: json["allergies"]?.string, currentMedications: json["current_medications"]?.string,
            medicalHistory: json["medical_history"]?.string,
            known: json["allergies_known"]?.string.flatMap { AllergiesKnown(rawValue: $0) })
    }
}
