package import Crypto
package import Kernel
package import Postgres
import RecordsDomain

/// The rows of stored files: whose each is, what kind, how large, and its key under the patient's.
package struct StoredFiles: Sendable {
    let database: Database
    let keys: PatientKeys

    package init(database: Database, keys: PatientKeys) {
        self.database = database
        self.keys = keys
    }

    /// Written in one transaction with the row that it belongs to.
    package func insert(
        _ file: NewFile, by account: ID<Account>, under key: PatientKey, in tx: Transaction
    ) async throws {
        let record = file.record
        try await tx.run(
            """
            insert into stored_file (file_id, patient_id, uploaded_by, wrapped, key_version, kind, plain_size,
                stored_at, scanned_at, store)
            values (\(record.id), \(key.name.patient), \(account), \(file.wrapped), \(key.version),
                \(record.kind.rawValue), \(record.size), \(record.storedAt), \(record.scannedAt),
                \(file.store.rawValue))
            """)
    }

    /// Bytes of all files of a patient, hidden ones as well.
    package func used(by patient: ID<Patient>) async throws -> Int {
        try await database.read(Column<Int>("coalesce(sum(plain_size), 0)::bigint"), as: .service) {
            "select \($0) from stored_file where patient_id = \(patient)"
        }.one
    }

    /// The key of a file.
    package func key(of file: ID<StoredFile>, _ patient: ID<Patient>) async throws -> FileKey {
        let columns = Projection(Column<[UInt8]>("wrapped"), Column<Int>("key_version"))
        let rows = try await database.read(columns, as: .service) {
            "select \($0) from stored_file where file_id = \(file)"
        }
        guard let (wrapped, version) = rows.first else { throw BrokenRow("stored_file", file) }
        return try await keys.key(PatientKeyName(patient, version)).fileKey(wrapped, of: file)
    }

    /// Which of these files have a row and a key that can still open them: not those of an erased patient.
    package func needed(_ files: [ID<StoredFile>]) async throws -> Set<ID<StoredFile>> {
        Set(
            try await database.read(Column<ID<StoredFile>>("f.file_id"), as: .service) {
                """
                select \($0) from stored_file f join patient_key k using (patient_id, key_version)
                where f.file_id = any(\(files)::uuid[]) and k.wrapped is not null
                """
            })
    }

    /// Files of patients who were erased since then.
    package func erased(since moment: Instant) async throws -> [ID<StoredFile>] {
        try await database.read(Column<ID<StoredFile>>("f.file_id"), as: .service) {
            """
            select \($0) from erased_patient e join stored_file f using (patient_id) where e.erased_at >= \(moment)
            """
        }
    }

    /// Of the table as `f`.
    static let row = Projection(
        Column<ID<StoredFile>>("f.file_id"), Column<String>("f.kind"), Column<Int>("f.plain_size"),
        Column<Instant>("f.stored_at"), Column<Instant?>("f.scanned_at")
    ) { id, word, size, stored, scanned throws in
        guard let kind = FileKind(rawValue: word) else { throw BrokenRow("stored_file", id) }
        return FileRecord(id: id, kind: kind, size: size, storedAt: stored, scannedAt: scanned)
    }

    static func cell(_ file: String) -> AssociatedData {
        AssociatedData(table: "stored_file", row: file, column: "wrapped")
    }
}

extension PatientKey {
    /// A fresh key for an attempt to store a file, and the form in which the file's row keeps it.
    package func makeFileKey(for file: ID<StoredFile>) throws -> (key: FileKey, wrapped: [UInt8]) {
        try key.makeFileKey(for: file, authenticating: StoredFiles.cell(file.description))
    }

    /// - Throws: `BrokenRow` where it was changed.
    package func fileKey(_ wrapped: [UInt8], of file: ID<StoredFile>) throws -> FileKey {
        do throws(CryptoFault) {
            return try key.fileKey(wrapped, of: file, authenticating: StoredFiles.cell(file.description))
        } catch { throw BrokenRow("stored_file", file) }
    }
}
