import Crypto
import IdentityDomain
package import Kernel
package import Postgres

/// Counts tries at a name, so that guessing slows down. It counts names nobody has just the same: waiting tells
/// nothing.
package struct LoginAttemptStore: Sendable {
    let database: Database
    let vault: Vault

    package init(database: Database, vault: Vault) {
        self.database = database
        self.vault = vault
    }

    /// Notes a try before its password is looked at, so that many at once are all counted. One statement decides: nil
    /// lets it pass, else so long the caller has to wait. A successful login takes the count back (`forget`).
    /// - Parameter delays: seconds to wait after 1, 2, … tries.
    package func begin(
        _ subject: String, delays: [Int64] = LoginBackoff.delays, at now: Instant
    ) async throws -> Duration? {
        let key = vault.attempts.exact(subject)
        let stale = now - LoginBackoff.forgetsAfter
        let passed = try await database.run(
            """
            insert into login_attempt as a (subject, failures, last_at, not_before)
            values (\(key), 1, \(now), \(now))
            on conflict (subject) do update set
                failures = case when a.last_at < \(stale) then 1 else least(a.failures + 1, 1000000) end,
                last_at = \(now),
                not_before = case when a.last_at < \(stale) then \(now)::timestamptz
                    else \(now)::timestamptz + interval '1 second' * (\(delays)::bigint[])[
                        least(a.failures + 1, cardinality(\(delays)::bigint[]))] end
            where a.not_before <= \(now)
            """)
        if passed.affected == 1 { return nil }
        let ends = try await database.read(Column<Instant>("not_before")) {
            "select \($0) from login_attempt where subject = \(key)"
        }
        guard let until = ends.first else { return nil }
        return max(until - now, .seconds(1))
    }

    package func forget(_ subject: String, in tx: Transaction) async throws {
        try await tx.run("delete from login_attempt where subject = \(vault.attempts.exact(subject))")
    }

    /// Forgets what no longer slows anyone.
    package func forget(before then: Instant) async throws -> Int {
        try await database.run(
            """
            delete from login_attempt where subject in (
                select subject from login_attempt where last_at < \(then) limit 1000)
            """
        ).affected
    }
}
