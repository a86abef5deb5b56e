import Chassis
import Crypto
package import Kernel
package import Postgres
package import RecordsDomain

/// Prescriptions by their versions. Row-level security answers for the caller alone.
package struct PrescriptionStore: Sendable {
    let database: Database
    let keys: PatientKeys

    package init(database: Database, keys: PatientKeys) {
        self.database = database
        self.keys = keys
    }

    /// Keeps a version for good.
    /// - Parameter key: the patient's newest.
    /// - Throws: `precondition_failed` where another version has its number already, `access_required` where the
    ///   caller's grant has ended meanwhile.
    package func insert(_ record: PrescriptionRecord, under key: PatientKey, in tx: Transaction) async throws {
        let parties = record.parties
        let plain = SealedPrescription(names: record.names, content: record.content, warnings: record.warnings)
        let sealed = try key.seal(plain.bytes, for: Self.cell(record.id.description, version: record.version))
        try await tx.run(
            """
            insert into prescription (prescription_id, version, patient_id, patient_account_id, doctor_id,
                doctor_account_id, hospital_id, hospital_account_id, appointment_id, sealed, key_version, overridden,
                created_at)
            values (\(record.id), \(record.version), \(parties.patient), \(parties.patientAccount), \(parties.doctor),
                \(parties.doctorAccount), \(parties.hospital), \(parties.hospitalAccount), \(parties.appointment),
                \(sealed), \(key.version), \(record.isOverridden), \(record.createdAt))
            """,
            refusals: [
                "prescription_pkey": .preconditionFailed,
                // The grant ended since it was asked for.
                DatabaseError.policy: .accessRequired([.otp, .breakGlass]),
            ])
    }

    /// The newest version; nil where the caller has no such prescription.
    package func newest(_ id: ID<Prescription>, as scope: Scope) async throws -> PrescriptionRecord? {
        try await first(as: scope, "p.prescription_id = \(id) order by p.version desc limit 1")
    }

    /// Whose it is, whoever asks; nil where there is none.
    package func patient(of id: ID<Prescription>) async throws -> ID<Patient>? {
        try await database.read(Column<ID<Patient>>("patient_id"), as: .service) {
            "select \($0) from prescription where prescription_id = \(id) limit 1"
        }.first
    }

    package func version(
        _ version: Int, of id: ID<Prescription>, as scope: Scope
    ) async throws -> PrescriptionRecord? {
        try await first(as: scope, "p.prescription_id = \(id) and p.version = \(version)")
    }

    private func first(as scope: Scope, _ condition: SQL) async throws -> PrescriptionRecord? {
        let rows = try await database.read(Row.all, as: scope) {
            "select \($0) from prescription p where \(sql: condition)"
        }
        return try await open(rows).first
    }

    /// All versions, the newest first.
    package func versions(
        of id: ID<Prescription>, _ request: PageRequest, as scope: Scope
    ) async throws -> Page<PrescriptionRecord> {
        let page = try await database.newest(
            Row.all, from: "prescription p where p.prescription_id = \(id)", by: "p.version", request, as: scope,
            id: { Int64($0.version) })
        return Page(items: try await open(page.items), total: page.total, nextCursor: page.nextCursor)
    }

    /// A version as it is kept.
    struct Row: Sendable {
        let id: ID<Prescription>
        let version: Int
        let patient: ID<Patient>
        let patientAccount: ID<Account>?
        let doctor: ID<Doctor>?
        let doctorAccount: ID<Account>
        let hospital: ID<Hospital>?
        let hospitalAccount: ID<Account>?
        let appointment: ID<Appointment>?
        let sealed: [UInt8]
        let keyVersion: Int
        let createdAt: Instant

        var key: PatientKeyName { PatientKeyName(patient, keyVersion) }

        static let all = Projection(
            Column<ID<Prescription>>("p.prescription_id"), Column<Int>("p.version"),
            Column<ID<Patient>>("p.patient_id"),
            Column<ID<Account>?>("p.patient_account_id"), Column<ID<Doctor>?>("p.doctor_id"),
            Column<ID<Account>>("p.doctor_account_id"), Column<ID<Hospital>?>("p.hospital_id"),
            Column<ID<Account>?>("p.hospital_account_id"), Column<ID<Appointment>?>("p.appointment_id"),
            Column<[UInt8]>("p.sealed"), Column<Int>("p.key_version"), Column<Instant>("p.created_at"), make: Row.init)
    }

    /// The rows in their order. Policies show none of an erased patient: left out is only what was erased since.
    /// - Throws: `BrokenRow` where a row does not open.
    func open(_ rows: [Row]) async throws -> [PrescriptionRecord] {
        let known = try await keys.keys(Set(rows.map(\.key)))
        return try rows.compactMap { row in try known[row.key].map { try open(row, with: $0) } }
    }

    private func open(_ row: Row, with key: PatientKey) throws -> PrescriptionRecord {
        let bytes = try key.open(row.sealed, from: Self.cell(row.id.description, version: row.version))
        guard let plain = SealedPrescription(bytes) else { throw BrokenRow("prescription", row.id) }
        return PrescriptionRecord(
            id: row.id, version: row.version,
            parties: PrescriptionParties(
                patient: row.patient, patientAccount: row.patientAccount, doctor: row.doctor,
                doctorAccount: row.doctorAccount, hospital: row.hospital, hospitalAccount: row.hospitalAccount,
                appointment: row.appointment),
            names: plain.names, content: plain.content, warnings: plain.warnings, createdAt: row.createdAt)
    }

    /// Where a version is sealed.
    static func cell(_ id: String, version: Int) -> AssociatedData {
        AssociatedData(table: "prescription", row: id, column: "sealed", version: version)
    }
}
