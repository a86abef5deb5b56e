import Chassis
import Crypto
package import Kernel
package import Postgres
package import RecordsDomain

/// Reports. Row-level security says whose the caller may see.
package struct ReportStore: Sendable {
    let database: Database
    let keys: PatientKeys

    package init(database: Database, keys: PatientKeys) {
        self.database = database
        self.keys = keys
    }

    /// The row of its file is written before, in the same transaction.
    /// - Throws: `access_required` where the doctor's grant has ended since the upload began.
    package func insert(_ report: ReportRecord, under key: PatientKey, in tx: Transaction) async throws {
        let sealed = try key.seal(report.words.bytes, for: Self.cell(report.id.description, "sealed"))
        try await tx.run(
            """
            insert into report (report_id, patient_id, patient_account, uploaded_by, uploader_role, doctor_account,
                appointment_id, report_type, report_date, sealed, key_version, file_id, created_at)
            values (\(report.id), \(report.patient), \(report.patientAccount), \(report.uploadedBy),
                \(report.uploaderRole), \(report.doctorAccount), \(report.appointment), \(report.type.rawValue),
                \(report.date), \(sealed), \(key.version), \(report.file.id), \(report.createdAt))
            """, refusals: [DatabaseError.policy: .accessRequired([.otp])])
    }

    /// Nil where the caller sees no such report.
    package func find(_ id: ID<Report>, for caller: Caller) async throws -> ReportRecord? {
        let rows = try await database.read(Kept.all, as: Scope(caller)) {
            """
            select \($0) from report r join stored_file f on f.file_id = r.file_id
            where r.report_id = \(id) and r.deleted_at is null
            """
        }
        return try await open(rows).first
    }

    /// Whose it is, whoever asks; nil where there is none, or it is hidden.
    package func patient(of id: ID<Report>) async throws -> ID<Patient>? {
        try await database.read(Column<ID<Patient>>("patient_id"), as: .service) {
            "select \($0) from report where report_id = \(id) and deleted_at is null"
        }.first
    }

    /// Hides it; false where another has done so.
    package func hide(
        _ report: ReportRecord, because reason: String?, under key: PatientKey, at now: Instant, in tx: Transaction
    ) async throws -> Bool {
        let cell = Self.cell(report.id.description, "sealed_reason")
        let sealed = try reason.map { try key.seal(Array($0.utf8), for: cell) }
        return try await tx.run(
            """
            update report set deleted_at = \(now), sealed_reason = \(sealed),
                reason_key_version = \(sealed.map { _ in key.version })
            where report_id = \(report.id) and deleted_at is null
            """
        ).affected == 1
    }

    /// A report as it is kept.
    struct Row: Sendable {
        let id: ID<Report>
        let patient: ID<Patient>
        let patientAccount: ID<Account>?
        let uploadedBy: ID<Account>
        let uploaderRole: Role
        let doctorAccount: ID<Account>?
        let appointment: ID<Appointment>?
        let type: String
        let date: CalendarDate?
        let sealed: [UInt8]
        let keyVersion: Int
        let createdAt: Instant

        static let columns = Projection(
            Column<ID<Report>>("r.report_id"), Column<ID<Patient>>("r.patient_id"),
            Column<ID<Account>?>("r.patient_account"), Column<ID<Account>>("r.uploaded_by"),
            Column<Role>("r.uploader_role"), Column<ID<Account>?>("r.doctor_account"),
            Column<ID<Appointment>?>("r.appointment_id"), Column<String>("r.report_type"),
            Column<CalendarDate?>("r.report_date"), Column<[UInt8]>("r.sealed"), Column<Int>("r.key_version"),
            Column<Instant>("r.created_at"), make: Row.init)
    }

    /// A report's row with its file's.
    struct Kept: Sendable {
        let row: Row
        let file: FileRecord

        var key: PatientKeyName { PatientKeyName(row.patient, row.keyVersion) }

        static let all = (Row.columns + StoredFiles.row).map { Kept(row: $0.0, file: $0.1) }
    }

    /// In their order; what was sealed under a key that is destroyed is left out.
    func open(_ kept: [Kept]) async throws -> [ReportRecord] {
        let known = try await keys.keys(Set(kept.map(\.key)))
        return try kept.compactMap { kept in try known[kept.key].map { try Self.record(kept, $0) } }
    }

    private static func record(_ kept: Kept, _ key: PatientKey) throws -> ReportRecord {
        let row = kept.row
        let plain = try key.open(row.sealed, from: cell(row.id.description, "sealed"))
        guard let words = FileWords(plain), let type = ReportType(rawValue: row.type) else {
            throw BrokenRow("report", row.id)
        }
        return ReportRecord(
            id: row.id, patient: row.patient, patientAccount: row.patientAccount, uploadedBy: row.uploadedBy,
            uploaderRole: row.uploaderRole, doctorAccount: row.doctorAccount, appointment: row.appointment, type: type,
            date: row.date, words: words, file: kept.file, createdAt: row.createdAt)
    }

    static func cell(_ id: String, _ column: String) -> AssociatedData {
        AssociatedData(table: "report", row: id, column: column)
    }
}
