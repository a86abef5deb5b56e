import Crypto
package import IdentityDomain
package import Kernel
package import Postgres

/// What accounts were used with.
package struct DeviceStore: Sendable {
    let database: Database
    let vault: Vault

    package init(database: Database, vault: Vault) {
        self.database = database
        self.vault = vault
    }

    /// Notes that the account is used with it, and says when it was the last time before; of two at once the second
    /// sees the first.
    package func note(
        _ device: Device, of account: ID<Account>, at now: Instant, in tx: Transaction
    ) async throws -> Instant? {
        let fingerprint = vault.devices.exact("\(account)\n\(device.text)")
        return try await tx.run(Column<Instant?>("seen_before")) {
            """
            insert into known_device as d (account_id, fingerprint, seen_at)
            values (\(account), \(fingerprint), \(now))
            on conflict (account_id, fingerprint) do update set seen_before = d.seen_at, seen_at = \(now)
            returning \($0)
            """
        }.one
    }

    /// Forgets what was not used since `then`; some at a time.
    package func forget(before then: Instant) async throws {
        try await database.run(
            """
            delete from known_device where (account_id, fingerprint) in (
                select account_id, fingerprint from known_device where seen_at < \(then) limit 1000)
            """)
    }
}
