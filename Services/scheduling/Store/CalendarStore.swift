import Chassis
import Crypto
package import Kernel
package import Postgres
package import Sealing

/// Visits as calendars show them, and the secret addresses of calendars. Of an address a keyed digest is kept.
package struct CalendarStore: Sendable {
    let database: Database
    let keys: ServiceKeys

    package init(database: Database, keys: ServiceKeys) {
        self.database = database
        self.keys = keys
    }

    /// A visit without names.
    package struct Visit: Sendable {
        package let id: ID<Appointment>
        package let hospital: ID<Hospital>
        package let doctor: ID<Doctor>?
        package let status: AppointmentStatus
        package let start: Instant
        package let end: Instant
        package let sequence: Int
        package let changedAt: Instant
    }

    package func visit(_ id: ID<Appointment>, as scope: Scope) async throws -> Visit? {
        try await database.read(Self.row, as: scope) {
            "select \($0) from appointment a where a.appointment_id = \(id)"
        }.first
    }

    /// How many visits a feed has at most: the latest.
    private static let limit = 1000

    /// Those of an account, as patient or as doctor, that are not off.
    package func visits(of account: ID<Account>, since time: Instant) async throws -> [Visit] {
        try await database.read(Self.row, as: .service) {
            """
            select \($0) from appointment a
            where (a.patient_account_id = \(account) or a.doctor_account_id = \(account)) and a.starts >= \(time)
                and a.status not in ('CANCELLED', 'REJECTED')
            order by a.starts desc, a.appointment_id limit \(Self.limit)
            """
        }
    }

    private static let row = Projection(
        Column<ID<Appointment>>("a.appointment_id"), Column<ID<Hospital>>("a.hospital_id"),
        Column<ID<Doctor>?>("a.doctor_id"), Column<AppointmentStatus>("a.status"), Column<Instant>("a.starts"),
        Column<Instant>("a.ends"), Column<Int>("a.ics_sequence"), Column<Instant>("a.updated_at"), make: Visit.init)

    /// From here on this is the account's address, and no other.
    package func keep(_ token: String, of account: ID<Account>, at now: Instant, in tx: Transaction) async throws {
        try await tx.run(
            """
            insert into calendar_token (account_id, token_hash, created_at)
            values (\(account), \(digest(token)), \(now))
            on conflict (account_id) do update
                set token_hash = excluded.token_hash, created_at = excluded.created_at
            """)
    }

    package func removeToken(of account: ID<Account>, in tx: Transaction) async throws -> Bool {
        try await tx.run("delete from calendar_token where account_id = \(account)").affected > 0
    }

    /// Whose address this is.
    package func account(of token: String) async throws -> ID<Account>? {
        try await database.read(Column<ID<Account>>("account_id"), as: .service) {
            "select \($0) from calendar_token where token_hash = \(digest(token))"
        }.first
    }

    private func digest(_ token: String) -> [UInt8] { keys.index(of: "scheduling.calendar_token").exact(token) }
}
