package import API
import Crypto
package import IdentityDomain
package import Kernel
package import Postgres

/// Tokens that prove an email.
package struct VerificationStore: Sendable {
    let database: Database
    let vault: Vault

    package init(database: Database, vault: Vault) {
        self.database = database
        self.vault = vault
    }

    /// Keeps a token for the email the account has now; nil when the account is not there, false when its email is
    /// proven already.
    package func keep(
        _ tokenHash: [UInt8], of account: ID<Account>, until end: Instant, in tx: Transaction
    ) async throws -> Bool? {
        let waiting = try await tx.run(Column<Bool>("email_verified_at is null")) {
            "select \($0) from account where account_id = \(account) and confirmed_at is not null"
        }
        guard let isWaiting = waiting.first else { return nil }
        guard isWaiting else { return false }
        try await tx.run(
            """
            insert into email_verification (token_hash, account_id, email_index, expires_at)
            select \(tokenHash), account_id, email_index, \(end) from account where account_id = \(account)
            """)
        return true
    }

    /// Whose email was proven.
    package struct Proven: Sendable {
        package let account: UserAccount
        package let registrant: ID<Registrant>
    }

    /// Takes the token, with all others of its account; nil when it proves nothing (any more).
    package func redeem(
        _ tokenHash: [UInt8], as role: Role, at now: Instant, in tx: Transaction
    ) async throws -> Proven? {
        let rows = try await tx.run(AccountRow.row + Column<ID<Registrant>>("registrant_id")) {
            """
            with taken as (
                delete from email_verification v using account a
                where v.token_hash = \(tokenHash) and v.expires_at > \(now) and a.account_id = v.account_id
                    and a.email_index = v.email_index and a.role = \(role.rawValue) and a.registrant_id is not null
                    and a.email_verified_at is null
                returning v.account_id
            )
            update account set email_verified_at = \(now) where account_id in (select account_id from taken)
                and email_verified_at is null
            returning \($0)
            """
        }
        guard let (row, registrant) = rows.first else { return nil }
        let proven = Proven(account: try vault.open(row), registrant: registrant)
        try await tx.run("delete from email_verification where account_id = \(proven.account.id)")
        return proven
    }

    /// The account of this role that waits for its email to be proven.
    package func waiting(for emailIndex: [UInt8], as role: Role, in tx: Transaction) async throws -> ID<Account>? {
        try await tx.run(Column<ID<Account>>("account_id")) {
            """
            select \($0) from account where role = \(role.rawValue)
                and email_index = \(emailIndex) and is_self_registered and is_active
                and confirmed_at is not null and registrant_id is not null and email_verified_at is null
            """
        }.first
    }

    /// Forgets what no longer proves anything; some at a time.
    package func forget(before now: Instant) async throws {
        try await database.run(
            """
            delete from email_verification where token_hash in (
                select token_hash from email_verification where expires_at < \(now) limit 1000)
            """)
    }
}
