import Crypto
package import IdentityDomain
package import Kernel
package import Postgres

/// Passwords that were forgotten: who asked for a link, and the links that were mailed.
package struct PasswordResetStore: Sendable {
    let database: Database
    let vault: Vault
    let limit: AskingLimit

    package init(database: Database, vault: Vault, limit: AskingLimit) {
        (self.database, self.vault, self.limit) = (database, vault, limit)
    }

    /// Notes that a link for this email is wanted, and looks at no account: who asks waits as long whoever has it.
    /// When it was asked for too often, says how long to wait, and notes nothing.
    package func ask(_ email: Email, request: String, at now: Instant, in tx: Transaction) async throws -> Duration? {
        let key = vault.emails.exact(email.comparable)
        let begin = limit.begin(at: now)
        let noted = try await tx.run(
            """
            insert into password_wish as w (email_index, wishes, since, asked_at, request_id, is_open)
            values (\(key), 1, \(now), \(now), \(request), true)
            on conflict (email_index) do update set
                wishes = case when w.since <= \(begin) then 1 else w.wishes + 1 end,
                since = case when w.since <= \(begin) then \(now)::timestamptz else w.since end,
                asked_at = \(now), request_id = \(request), is_open = true
            where w.since <= \(begin) or w.wishes < \(limit.number)
            returning 1
            """)
        if noted.count == 1 { return nil }
        let since = try await tx.run("select since from password_wish where email_index = \(key)").one.instant(0)
        return limit.wait(since: since, at: now)
    }

    /// A wish that nobody has looked at.
    package struct Wish: Sendable {
        package let emailIndex: [UInt8]
        package let askedAt: Instant
        package let request: String
    }

    /// Takes the wish that has waited longest; whoever else looks for one meanwhile gets another.
    package func takeWish(in tx: Transaction) async throws -> Wish? {
        try await tx.run(
            """
            update password_wish set is_open = false
            where email_index = (
                select email_index from password_wish where is_open order by asked_at limit 1 for update skip locked)
            returning email_index, asked_at, request_id
            """
        ).first.map { Wish(emailIndex: try $0.bytes(0), askedAt: try $0.instant(1), request: try $0.text(2)) }
    }

    /// Lets a token be made for each account that can be used and has the email; says which.
    package func open(_ wish: Wish, in tx: Transaction) async throws -> [(id: ID<Account>, role: Role)] {
        let rows = try await tx.run(
            """
            with found as (
                select account_id, role from account
                where email_index = \(wish.emailIndex) and is_active and confirmed_at is not null
                order by created_at limit \(ResetRules.most)
            ), opened as (
                insert into password_reset (account_id, email_index, asked_at)
                select account_id, \(wish.emailIndex), \(wish.askedAt) from found
                on conflict (account_id) do update set email_index = excluded.email_index, asked_at = excluded.asked_at
                returning account_id
            )
            select account_id, role from found join opened using (account_id)
            """)
        return try rows.map { row in
            guard let role = Role(rawValue: try row.text(1)) else { throw BrokenRow(id: try row.id(0)) }
            return (try row.id(0), role)
        }
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
            returning 1
            """)
        if kept.count == 1 { return true }
        let known = try await tx.run("select 1 from account where account_id = \(account)")
        return known.isEmpty ? nil : false
    }

    /// Whose password the token may set.
    package func owner(of tokenHash: [UInt8], at now: Instant) async throws -> UserAccount? {
        try await database.read(
            """
            select \(sql: Vault.accountColumns) from account where is_active and confirmed_at is not null
                and account_id = (
                    select account_id from password_reset r
                    where r.token_hash = \(tokenHash) and r.expires_at > \(now) and r.email_index = account.email_index)
            """
        ).first.map(vault.account)
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
            returning 1
            """
        ).count == 1
    }

    /// Forgets what no longer opens or limits anything; some at a time.
    package func forget(at now: Instant) async throws {
        try await database.run(
            """
            delete from password_reset where account_id in (
                select account_id from password_reset where asked_at < \(ResetRules.forgets(at: now)) limit 1000)
            """)
        try await database.run(
            """
            delete from password_wish where email_index in (
                select email_index from password_wish where not is_open and since < \(limit.begin(at: now))
                limit 1000 for update skip locked)
            """)
    }
}
