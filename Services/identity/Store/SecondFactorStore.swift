import Crypto
import IdentityDomain
package import Kernel
package import Postgres
import Sealing

/// Asks the database about second factors. Whoever changes one locks the account's row before (`AccountStore.lock`,
/// `noteLogin`), so that a login and a change never pass each other.
package struct SecondFactorStore: Sendable {
    let database: Database
    let vault: Vault

    package init(database: Database, vault: Vault) {
        self.database = database
        self.vault = vault
    }

    /// Keeps a secret that waits to be confirmed, in place of any that waited before; false when the password is no
    /// longer what was proven.
    package func begin(
        _ secret: [UInt8], of account: ID<Account>, provenBy hash: String, until end: Instant, in tx: Transaction
    ) async throws -> Bool {
        let keys = try await tx.run(Column<[UInt8]>("wrapped_key")) {
            """
            select \($0) from account where account_id = \(account) and password_hash = \(hash) and is_active
            for update
            """
        }
        guard let wrapped = keys.first else { return false }
        let sealed = try key(wrapped, of: account).seal(secret, authenticating: Self.associatedData(account))
        try await tx.run(
            """
            insert into second_factor_enrolment (account_id, sealed_secret, expires_at)
            values (\(account), \(sealed), \(end))
            on conflict (account_id) do update
                set sealed_secret = excluded.sealed_secret, expires_at = excluded.expires_at
            """)
        return true
    }

    /// The secret that waits to be confirmed.
    package func waiting(of account: ID<Account>, at now: Instant, in tx: Transaction) async throws -> [UInt8]? {
        let row = Projection(Column<[UInt8]>("a.wrapped_key"), Column<[UInt8]>("e.sealed_secret"))
        let rows = try await tx.run(row) {
            """
            select \($0) from second_factor_enrolment e join account a using (account_id)
            where account_id = \(account) and e.expires_at > \(now)
            """
        }
        guard let (wrapped, sealed) = rows.first else { return nil }
        return try key(wrapped, of: account).open(sealed, authenticating: Self.associatedData(account))
    }

    /// Makes the waiting secret the account's second factor, in place of the one before; its recovery codes go.
    /// - Parameter step: of the code that confirmed it, which has been used by that.
    package func confirm(_ account: ID<Account>, step: Int64, at now: Instant, in tx: Transaction) async throws {
        try await tx.run("delete from second_factor where account_id = \(account)")
        // Sealed for the account, not for a table: it may move as it is.
        try await tx.run(
            """
            with waiting as (
                delete from second_factor_enrolment where account_id = \(account) returning sealed_secret
            )
            insert into second_factor (account_id, sealed_secret, last_step)
            select \(account)::uuid, sealed_secret, \(step)::bigint from waiting
            """)
        try await tx.run("update account set second_factor_at = \(now) where account_id = \(account)")
    }

    /// The secret, and the last step of which a code was used.
    package func secret(
        of account: ID<Account>, in tx: Transaction
    ) async throws -> (secret: [UInt8], lastStep: Int64)? {
        let row = Projection(
            Column<[UInt8]>("a.wrapped_key"), Column<[UInt8]>("f.sealed_secret"), Column<Int64>("f.last_step"))
        let rows = try await tx.run(row) {
            "select \($0) from second_factor f join account a using (account_id) where account_id = \(account)"
        }
        guard let (wrapped, sealed, lastStep) = rows.first else { return nil }
        let secret = try key(wrapped, of: account).open(sealed, authenticating: Self.associatedData(account))
        return (secret, lastStep)
    }

    /// Uses up a step; false when it was used before: of many at once one gets true.
    package func use(step: Int64, of account: ID<Account>, in tx: Transaction) async throws -> Bool {
        try await tx.run(
            """
            update second_factor set last_step = \(step) where account_id = \(account) and last_step < \(step)
            """
        ).affected == 1
    }

    /// Takes the second factor away, with its recovery codes and whatever waited; false when there was none.
    package func remove(_ account: ID<Account>, in tx: Transaction) async throws -> Bool {
        try await tx.run("delete from second_factor_enrolment where account_id = \(account)")
        try await tx.run("update account set second_factor_at = null where account_id = \(account)")
        return try await tx.run("delete from second_factor where account_id = \(account)").affected == 1
    }

    /// Forgets enrolments nobody confirmed; some at a time.
    package func forget(before now: Instant) async throws {
        try await database.run(
            """
            delete from second_factor_enrolment where account_id in (
                select account_id from second_factor_enrolment where expires_at <= \(now) limit 1000)
            """)
    }

    private func key(_ wrapped: [UInt8], of account: ID<Account>) throws -> DataKey {
        try vault.accounts.key(wrapped, of: account)
    }

    private static func associatedData(_ account: ID<Account>) -> AssociatedData {
        AssociatedData(table: "second_factor", row: account.shortText, column: "sealed_secret")
    }
}
