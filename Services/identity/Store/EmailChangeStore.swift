import Crypto
import IdentityDomain
package import Kernel
package import Postgres
import Sealing

/// Addresses that accounts are to have, and those they had.
package struct EmailChangeStore: Sendable {
    let database: Database
    let vault: Vault

    package init(database: Database, vault: Vault) {
        self.database = database
        self.vault = vault
    }

    /// Notes the address an account is to have, in place of any other that waited.
    package func begin(_ email: Email, of account: ID<Account>, until end: Instant, in tx: Transaction) async throws {
        let sealed = try await key(of: account, in: tx).seal(
            email.text, authenticating: Vault.associatedData(account, "new_email"))
        let index = vault.emails.exact(email.comparable)
        try await tx.run(
            """
            insert into email_change (account_id, email_index, sealed_email, expires_at)
            values (\(account), \(index), \(sealed), \(end))
            on conflict (account_id) do update set email_index = excluded.email_index,
                sealed_email = excluded.sealed_email, expires_at = excluded.expires_at, token_hash = null
            """)
    }

    /// The address that waits to be proven.
    package func pending(of account: ID<Account>, at now: Instant) async throws -> Email? {
        try await database.read(Self.waiting) { Self.waiting($0, of: account, at: now) }.first
            .map { key, email in try open(email, of: account, under: key, as: "new_email") }
    }

    package func pending(of account: ID<Account>, at now: Instant, in tx: Transaction) async throws -> Email? {
        try await tx.run(Self.waiting) { Self.waiting($0, of: account, at: now) }.first
            .map { key, email in try open(email, of: account, under: key, as: "new_email") }
    }

    /// The accounts that are to have this address.
    package func accounts(
        awaiting emailIndex: [UInt8], at now: Instant, in tx: Transaction
    ) async throws -> [(id: ID<Account>, role: Role)] {
        try await tx.run(Projection(Column<ID<Account>>("a.account_id"), Column<Role>("a.role"))) {
            """
            select \($0) from email_change c join account a using (account_id)
            where c.email_index = \(emailIndex) and c.expires_at > \(now) and a.is_active
            order by a.created_at limit \(ResetRules.most)
            """
        }.map { (id: $0, role: $1) }
    }

    /// Keeps a new token in place of any older one, and says to which address it goes; nil when no change waits.
    package func keep(
        _ tokenHash: [UInt8], of account: ID<Account>, at now: Instant, in tx: Transaction
    ) async throws -> Email? {
        try await tx.run(Self.waiting) {
            """
            update email_change c set token_hash = \(tokenHash) from account a
            where c.account_id = \(account) and c.expires_at > \(now) and a.account_id = c.account_id and a.is_active
            returning \($0)
            """
        }.first.map { key, email in try open(email, of: account, under: key, as: "new_email") }
    }

    /// Whose address the token proves. The account's row is locked by this.
    package func redeem(
        _ tokenHash: [UInt8], at now: Instant, in tx: Transaction
    ) async throws -> (account: ID<Account>, email: Email)? {
        let row = Self.waiting + Column<ID<Account>>("a.account_id")
        guard
            let ((key, email), account) = try await tx.run(
                row,
                {
                    """
                    select \($0) from email_change c join account a using (account_id)
                    where c.token_hash = \(tokenHash) and c.expires_at > \(now) and a.is_active for update
                    """
                }
            ).first
        else { return nil }
        try await tx.run("delete from email_change where account_id = \(account)")
        return (account, try open(email, of: account, under: key, as: "new_email"))
    }

    /// Notes the address an account had until now, so that a mail can still be written to it.
    package func leave(_ email: Email, of account: ID<Account>, until end: Instant, in tx: Transaction) async throws {
        let sealed = try await key(of: account, in: tx).seal(
            email.text, authenticating: Vault.associatedData(account, "former_email"))
        try await tx.run(
            """
            insert into former_email (account_id, sealed_email, expires_at) values (\(account), \(sealed), \(end))
            on conflict (account_id) do update
                set sealed_email = excluded.sealed_email, expires_at = excluded.expires_at
            """)
    }

    /// The address an account had before its latest change.
    package func former(of account: ID<Account>, at now: Instant) async throws -> Email? {
        try await database.read(Projection(Column<[UInt8]>("a.wrapped_key"), Column<[UInt8]>("f.sealed_email"))) {
            """
            select \($0) from former_email f join account a using (account_id)
            where f.account_id = \(account) and f.expires_at > \(now)
            """
        }.first.map { key, email in try open(email, of: account, under: key, as: "former_email") }
    }

    /// Forgets what counts no longer; some at a time.
    package func forget(before now: Instant) async throws {
        for table: SQL in ["email_change", "former_email"] {
            try await database.run(
                """
                delete from \(sql: table) where account_id in (
                    select account_id from \(sql: table) where expires_at < \(now) limit 1000)
                """)
        }
    }
}

extension EmailChangeStore {
    private static let waiting = Projection(Column<[UInt8]>("a.wrapped_key"), Column<[UInt8]>("c.sealed_email"))

    private static func waiting(_ row: some Selection, of account: ID<Account>, at now: Instant) -> SQL {
        """
        select \(row) from email_change c join account a using (account_id)
        where c.account_id = \(account) and c.expires_at > \(now)
        """
    }

    private func key(of account: ID<Account>, in tx: Transaction) async throws -> DataKey {
        let wrapped = try await tx.run(Column<[UInt8]>("wrapped_key")) {
            "select \($0) from account where account_id = \(account)"
        }.one
        return try vault.accounts.key(wrapped, of: account)
    }

    private func open(
        _ sealed: [UInt8], of account: ID<Account>, under wrapped: [UInt8], as column: String
    ) throws -> Email {
        let key = try vault.accounts.key(wrapped, of: account)
        guard let email = Email.stored(try key.openText(sealed, authenticating: Vault.associatedData(account, column)))
        else {
            throw BrokenRow("account", account)
        }
        return email
    }
}
