package import API
import Crypto
package import IdentityDomain
package import Kernel
package import Postgres

/// Tokens that prove an email, and how often one was asked for.
package struct VerificationStore: Sendable {
    let database: Database
    let vault: Vault
    let limit: AskingLimit

    package init(database: Database, vault: Vault, limit: AskingLimit) {
        (self.database, self.vault, self.limit) = (database, vault, limit)
    }

    /// Keeps a token for the email the account has now; nil when the account is not there, false when its email is
    /// proven already.
    package func keep(
        _ tokenHash: [UInt8], of account: ID<Account>, until end: Instant, in tx: Transaction
    ) async throws -> Bool? {
        let rows = try await tx.run(
            """
            select email_verified_at is null from account where account_id = \(account) and confirmed_at is not null
            """)
        guard let isWaiting = try rows.first?.bool(0) else { return nil }
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
        let rows = try await tx.run(
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
            returning \(sql: Vault.accountColumns), registrant_id
            """)
        guard let row = rows.first else { return nil }
        let proven = Proven(account: try vault.account(row), registrant: try row.id(13))
        try await tx.run("delete from email_verification where account_id = \(proven.account.id)")
        return proven
    }

    /// The account of this role that waits for its email to be proven.
    package func waiting(for email: Email, as role: Role, in tx: Transaction) async throws -> ID<Account>? {
        try await tx.run(
            """
            select account_id from account where role = \(role.rawValue)
                and email_index = \(vault.emails.exact(email.comparable)) and is_self_registered and is_active
                and confirmed_at is not null and registrant_id is not null and email_verified_at is null
            """
        ).first?.id(0)
    }

    /// Counts that a mail to this address was asked for, whether or not anybody has it; when too often, says how long to
    /// wait.
    package func count(_ email: Email, at now: Instant) async throws -> Duration? {
        let key = vault.wishes.exact(email.comparable)
        let begin = limit.begin(at: now)
        let passed = try await database.run(
            """
            insert into verification_wish as w (subject, wishes, since) values (\(key), 1, \(now))
            on conflict (subject) do update set
                wishes = case when w.since <= \(begin) then 1 else w.wishes + 1 end,
                since = case when w.since <= \(begin) then \(now)::timestamptz else w.since end
            where w.since <= \(begin) or w.wishes < \(limit.number)
            returning 1
            """)
        if passed.count == 1 { return nil }
        let rows = try await database.read("select since from verification_wish where subject = \(key)")
        guard let since = try rows.first?.instant(0) else { return nil }
        return limit.wait(since: since, at: now)
    }

    /// Forgets what no longer proves or limits anything; some at a time.
    package func forget(before now: Instant) async throws {
        try await database.run(
            """
            delete from email_verification where token_hash in (
                select token_hash from email_verification where expires_at < \(now) limit 1000)
            """)
        try await database.run(
            """
            delete from verification_wish where subject in (
                select subject from verification_wish where since < \(limit.begin(at: now)) limit 1000)
            """)
    }
}
