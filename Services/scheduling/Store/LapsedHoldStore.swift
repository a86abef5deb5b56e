package import Kernel
package import Postgres
package import SchedulingDomain

/// Holds that ended by themselves. Their time is free without a job; this finds them, so that it is offered on or told.
package struct LapsedHoldStore: Sendable {
    package init() {}

    /// A hold that ended and was neither used nor given back.
    package struct Lapsed: Sendable {
        package let claim: ID<Claim>
        package let doctor: ID<Doctor>
        package let hospital: ID<Hospital>
    }

    /// How many are read at once.
    package static let batch = 100

    /// Those that ended first, first; nothing of time that has begun.
    package func due(in database: Database) async throws -> [Lapsed] {
        try await database.read(
            Projection(
                Column<ID<Claim>>("c.claim_id"), Column<ID<Doctor>>("c.doctor_id"),
                Column<ID<Hospital>>("c.hospital_id"), make: Lapsed.init), as: .service
        ) {
            """
            select \($0) from claim c
            where c.kind = 'hold' and c.held_until > c.claimed_at and c.held_until <= clock_timestamp()
                and c.hospital_id is not null and c.starts > clock_timestamp()
            order by c.held_until limit \(Self.batch)
            """
        }
    }

    /// Notes that the hold's end is known, as if it had been given back then; nil where another copy has done so.
    package func end(_ lapsed: Lapsed, in tx: Transaction) async throws -> FreedTime? {
        try await tx.run(FreedTime.row(at: "c.hospital_id")) {
            """
            update claim c set held_until = c.claimed_at
            where c.claim_id = \(lapsed.claim) and c.kind = 'hold' and c.held_until > c.claimed_at
                and c.held_until <= clock_timestamp()
            returning \($0)
            """
        }.first
    }
}

extension FreedTime {
    /// The columns of `claim c` with a doctor.
    /// - Parameter hospital: the expression that names it.
    static func row(at hospital: SQL) -> Projection<FreedTime> {
        Projection(
            Column<ID<Doctor>>("c.doctor_id"), Column<ID<Hospital>>(hospital),
            Column<ID<Department>?>("c.department_id"), Column<Instant>("c.starts"), Column<Instant>("c.ends"),
            Column<Instant>("c.busy_until"), Column<ID<Patient>?>("c.patient_id"), make: FreedTime.init)
    }
}
