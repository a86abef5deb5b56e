import Crypto
package import IdentityDomain
package import Kernel
package import Postgres

/// Passwords that were forgotten: who may set a new one, and the links that were mailed.
package struct PasswordResetStore: Sendable {
    let database: Database
    let vault: Vault

    package init(database: Database, vault: Vault) {
        self.database = database
        self.vault = vault
    }

    /// Lets a token be made for each account that can be used and has the email; says which.
    package func open(
        of emailIndex: [UInt8], askedAt: Instant, in tx: Transaction
    ) async throws -> [(id: ID<Account>, role: Role)] {
        try await tx.run(Projection(Column<ID<Account>>("account_id"), Column<Role>("role"))) {
            """
            with found as (
                select account_id, role from account
                where email_index = \(emailIndex) and is_active and confirmed_at is not null
                order by created_at limit \(ResetRules.most)
            ), opened as (
                insert into password_reset (account_id, email_index, asked_at)
                select account_id, \(emailIndex), \(askedAt) from found
                on conflict (account_id) do update set email_index = excluded.email_index, asked_at = excluded.asked_at
                returning account_id
            )
            select \($0) from found join opened using (account_id)
            """
        }.map { (id: $0, role: $1) }
    }

    /// Keeps a new token in place of any older one; false when no link of the account is wanted (any more), nil when
    /// there is no such account.
    package func keep(
        _ tokenHash: [UInt8], of account: ID<Account>, at now: Instant, in tx: Transaction
    ) async throws -> Bool? {
        let kept = try await tx.run(
            """
            update password_reset r set token_hash = \(tokenHash), expires_at = \(now + ResetRules.life)
            from account a
            where r.account_id = \(account) and r.asked_at > \(now - ResetRules.open) and a.account_id = r.account_id
                and a.email_index = r.email_index and a.is_active and a.confirmed_at is not null
            """)
        if kept.affected == 1 { return true }
        let isKnown = Column<Bool>("exists (select 1 from account where account_id = \(account))")
        return try await tx.run(isKnown).one ? false : nil
    }

    /// Whose password the token may set.
    package func owner(of tokenHash: [UInt8], at now: Instant) async throws -> UserAccount? {
        try await database.read(AccountRow.row) {
            """
            select \($0) from account where is_active and confirmed_at is not null
                and account_id = (
                    select account_id from password_reset r
                    where r.token_hash = \(tokenHash) and r.expires_at > \(now) and r.email_index = account.email_index)
            """
        }.first.map(vault.open)
    }

    /// Takes the token: of many who present it at once, one gets true.
    package func redeem(
        _ tokenHash: [UInt8], of account: ID<Account>, at now: Instant, in tx: Transaction
    ) async throws -> Bool {
        try await tx.run(
            """
            delete from password_reset
            where account_id = \(account) and token_hash = \(tokenHash) and expires_at > \(now)
                and email_index = (select email_index from account where account_id = \(account))
            """
        ).affected == 1
    }

    /// Forgets what no longer opens anything; some at a time.
    package func forget(at now: Instant) async throws {
        try await database.run(
            """
            delete from password_reset where account_id in (
                select account_id from password_reset where asked_at < \(ResetRules.forgets(at: now)) limit 1000)
            """)
    }
}
