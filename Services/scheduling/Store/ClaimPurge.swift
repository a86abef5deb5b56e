package import Kernel
package import Postgres

/// Removes claims that make no time busy any more: given-up ones, and holds and offers that ended.
package struct ClaimPurge: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// How long an ended claim is kept, so that who names it hears that it has expired.
    package static let age: Duration = .seconds(86_400)
    /// How many are removed by one statement.
    package static let batch = 1000

    /// How many were removed. An offer whose entry still has it is left for the job that hands it on.
    package func run(at now: Instant) async throws -> Int {
        try await database.run(
            """
            delete from claim where claim_id in (
                select c.claim_id from claim c
                where c.held_until <> 'infinity' and c.held_until < \(now - Self.age)
                    and not exists (select from waitlist_entry w where w.claim_id = c.claim_id and w.status = 'OFFERED')
                order by c.held_until limit \(Self.batch))
            """, as: .service
        ).affected
    }
}
