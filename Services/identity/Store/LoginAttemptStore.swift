import Crypto
import IdentityDomain
package import Kernel
package import Postgres

/// Counts login attempts per subject (an account or an address) and makes the next one wait. Attempts under a name that
/// nobody has are counted too, so that the wait does not tell whether an account exists.
package struct LoginAttemptStore: Sendable {
    let database: Database
    let vault: Vault

    package init(database: Database, vault: Vault) {
        self.database = database
        self.vault = vault
    }

    /// Counts an attempt before its password is verified, so that concurrent ones are all counted. Returns nil where it
    /// may go on, else how long the caller has to wait: the longest of the subjects' waits. A successful login deletes
    /// the count (`forget`). Concurrent attempts may be counted in another order than their times: the later time is
    /// kept, and delays the earlier one only where the count asks for a delay.
    /// - Parameter delays: seconds to wait after 1, 2, … attempts.
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

    /// Subtracts one attempt of each subject once the password was right, also of other accounts with that name.
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

    /// Deletes up to 1000 rows whose last attempt is older.
    package func forget(before then: Instant) async throws -> Int {
        try await database.run(
            """
            delete from login_attempt where subject in (
                select subject from login_attempt where last_at < \(then) limit 1000)
            """
        ).affected
    }
}
