import Crypto
import IdentityDomain
package import Kernel
package import Postgres

/// Counts tries, so that guessing slows down. A name nobody has is counted as an account is: waiting tells nothing.
package struct LoginAttemptStore: Sendable {
    let database: Database
    let vault: Vault

    package init(database: Database, vault: Vault) {
        self.database = database
        self.vault = vault
    }

    /// Notes a try before its password is looked at, so that many at once are all counted. One statement decides: nil
    /// lets it pass, else so long the caller has to wait: until none of the subjects is waited for. A successful login
    /// takes the count back (`forget`). Of two at once the later moment may be counted first: it keeps the other
    /// waiting only where its count asks for a wait.
    /// - Parameter delays: seconds to wait after 1, 2, … tries.
    package func begin(
        _ subjects: [String], delays: [Int64] = LoginBackoff.delays, at now: Instant
    ) async throws -> Duration? {
        let keys = subjects.map(vault.attempts.exact)
        let stale = now - LoginBackoff.forgetsAfter
        let passed = try await database.run(
            """
            insert into login_attempt as a (subject, failures, last_at, not_before)
            select key, 1, \(now)::timestamptz, \(now)::timestamptz from unnest(\(keys)::bytea[]) as key order by key
            on conflict (subject) do update set
                failures = case when a.last_at < \(stale) then 1 else least(a.failures + 1, 1000000) end,
                last_at = greatest(a.last_at, \(now)),
                not_before = case when a.last_at < \(stale) then \(now)::timestamptz
                    else greatest(a.last_at, \(now)) + interval '1 second' * (\(delays)::bigint[])[
                        least(a.failures + 1, cardinality(\(delays)::bigint[]))] end
            where a.not_before <= greatest(a.last_at, \(now))
            """)
        if passed.affected == keys.count { return nil }
        let ends = try await database.read(Column<Instant>("not_before")) {
            "select \($0) from login_attempt where subject = any(\(keys)::bytea[]) order by not_before desc"
        }
        guard let until = ends.first else { return nil }
        return max(until - now, .seconds(1))
    }

    package func forget(_ subject: String, in tx: Transaction) async throws {
        try await tx.run("delete from login_attempt where subject = \(vault.attempts.exact(subject))")
    }

    /// Takes one try back of each subject: the password was right, or another's.
    package func takeBack(_ subjects: [String], delays: [Int64] = LoginBackoff.delays) async throws {
        guard !subjects.isEmpty else { return }
        let keys = subjects.map(vault.attempts.exact)
        try await database.run(
            """
            update login_attempt set failures = greatest(failures - 1, 0),
                not_before = last_at + interval '1 second' * coalesce((\(delays)::bigint[])[
                    least(failures - 1, cardinality(\(delays)::bigint[]))], 0)
            where subject = any(\(keys)::bytea[])
            """)
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
