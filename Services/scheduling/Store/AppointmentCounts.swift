package import API
package import Kernel
package import Postgres

/// Appointments as other services ask for them, whoever's they are: ids and numbers alone.
package struct AppointmentCounts: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// Each patient of a hospital once, by id, from behind `after` on.
    package func patients(
        of hospital: ID<Hospital>, after: ID<Patient>?, limit: Int
    ) async throws -> [ID<Patient>] {
        let further: SQL = after.map { "and a.patient_id > \($0)" } ?? ""
        return try await database.run(Column<ID<Patient>>("a.patient_id"), as: .service) {
            """
            select distinct \($0) from appointment a where a.hospital_id = \(hospital) \(sql: further)
            order by a.patient_id limit \(limit)
            """
        }
    }

    /// How many visits ahead of one doctor are named at most.
    private static let limit = 1000

    package func ahead(of doctor: ID<Doctor>, at now: Instant) async throws -> [ID<Appointment>] {
        try await database.run(Column<ID<Appointment>>("a.appointment_id"), as: .service) {
            """
            select \($0) from appointment a
            where a.doctor_id = \(doctor) and a.starts > \(now) and a.status in \(sql: AppointmentStatus.openList)
            order by a.starts, a.appointment_id limit \(Self.limit)
            """
        }
    }

    package func open(of department: ID<Department>) async throws -> Int {
        try await database.run(Column<Int>("count(*)"), as: .service) {
            """
            select \($0) from appointment a
            where a.department_id = \(department) and a.status in \(sql: AppointmentStatus.openList)
            """
        }.one
    }

    /// How many visits of one patient are named at most.
    private static let latest = 50

    private static let parties = Projection(
        Column<ID<Appointment>>("a.appointment_id"), Column<AppointmentStatus>("a.status"),
        Column<ID<Patient>>("a.patient_id"), Column<ID<Account>?>("a.patient_account_id"),
        Column<ID<Doctor>?>("a.doctor_id"), Column<ID<Account>?>("a.doctor_account_id"),
        Column<ID<Hospital>>("a.hospital_id"), Column<ID<Account>>("a.hospital_account_id"),
        Column<Instant>("a.starts"), Column<Instant>("a.updated_at"), make: AppointmentPartiesView.init)

    /// The visits of a patient, the latest change first.
    package func latest(
        of patient: ID<Patient>, with doctor: ID<Account>?
    ) async throws -> [AppointmentPartiesView] {
        try await database.run(Self.parties, as: .service) {
            """
            select \($0) from appointment a
            where a.patient_id = \(patient) and (\(doctor)::uuid is null or a.doctor_account_id = \(doctor)::uuid)
            order by a.updated_at desc, a.appointment_id desc limit \(Self.latest)
            """
        }
    }

    package func byStatus() async throws -> [AppointmentStatus: Int] {
        let rows = try await database.run(
            Projection(Column<AppointmentStatus>("a.status"), Column<Int>("count(*)")), as: .service
        ) { "select \($0) from appointment a group by a.status" }
        return Dictionary(rows) { first, _ in first }
    }
}
