import Chassis
package import Kernel
import Postgres
package import RecordsDomain

extension PatientAccessLog {
    /// A row of the log, with the sealed reason of the grant it was seen by.
    package struct Row: Sendable {
        package let id: ID<AccessEntry>
        package let at: Instant
        package let actor: ID<Account>
        package let role: Role
        package let doctor: ID<Doctor>?
        package let hospital: ID<Hospital>?
        package let action: String
        package let what: String
        package let basis: AccessBasis?
        package let grant: ID<AccessGrant>?
        package let sealedReason: [UInt8]?
        package let keyVersion: Int?
    }

    private static let row = Projection(
        Column<ID<AccessEntry>>("r.access_id"), Column<Instant>("r.at"), Column<ID<Account>>("r.actor_account"),
        Column<Role>("r.actor_role"), Column<ID<Doctor>?>("r.doctor_id"), Column<ID<Hospital>?>("r.hospital_id"),
        Column<String>("r.action"), Column<String>("r.what"), Column<AccessBasis?>("r.basis"),
        Column<ID<AccessGrant>?>("r.grant_id"), Column<[UInt8]?>(ofGrant("sealed_reason")),
        Column<Int?>(ofGrant("key_version")), make: Row.init)

    /// By itself for each row of the page: joined, the planner could read all grants of the patient for each row.
    private static func ofGrant(_ column: SQL) -> SQL {
        """
        (select g.\(sql: column) from access_grant g where g.patient_id = r.patient_id and g.grant_id = r.grant_id)
        """
    }

    /// The rows of a patient, the newest first.
    package func list(
        of patient: ID<Patient>, _ page: PageRequest, for caller: Caller
    ) async throws -> Page<Row> {
        try await database.newest(
            Self.row,
            from: "access_row r where r.patient_id = \(patient)", by: "r.access_id", page, as: Scope(caller), id: \.id)
    }
}
