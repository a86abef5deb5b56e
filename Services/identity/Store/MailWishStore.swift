import Crypto
package import IdentityDomain
package import Kernel
package import Postgres

/// Mails that were asked for, whether or not anybody has the email, and how often.
package struct MailWishStore: Sendable {
    let database: Database
    let vault: Vault
    let limit: AskingLimit

    package init(database: Database, vault: Vault, limit: AskingLimit) {
        (self.database, self.vault, self.limit) = (database, vault, limit)
    }

    /// Notes that the mail is wanted, and looks at no account: who asks waits as long whoever has the email. When it was
    /// asked for too often, says how long to wait, and notes nothing.
    package func ask(
        for mail: WantedMail, to email: Email, request: String, at now: Instant, in tx: Transaction
    ) async throws -> Duration? {
        let key = vault.emails.exact(email.comparable)
        let begin = limit.begin(at: now)
        let noted = try await tx.run(
            """
            insert into mail_wish as w (email_index, mail, wishes, since, asked_at, request_id, is_open)
            values (\(key), \(mail.rawValue), 1, \(now), \(now), \(request), true)
            on conflict (email_index, mail) do update set
                wishes = case when w.since <= \(begin) then 1 else w.wishes + 1 end,
                since = case when w.since <= \(begin) then \(now)::timestamptz else w.since end,
                asked_at = \(now), request_id = \(request), is_open = true
            where w.since <= \(begin) or w.wishes < \(limit.number)
            """)
        if noted.affected == 1 { return nil }
        let since = try await tx.run(Column<Instant>("since")) {
            "select \($0) from mail_wish where email_index = \(key) and mail = \(mail.rawValue)"
        }.one
        return limit.wait(since: since, at: now)
    }

    /// A wish that nobody has looked at.
    package struct Wish: Sendable {
        package let mail: WantedMail
        package let emailIndex: [UInt8]
        package let askedAt: Instant
        package let request: String

        /// Nil for a mail this version does not know.
        fileprivate static let row = Projection(
            Column<String>("mail"), Column<[UInt8]>("email_index"), Column<Instant>("asked_at"),
            Column<String>("request_id")
        ) { mail, emailIndex, askedAt, request in
            WantedMail(rawValue: mail).map {
                Wish(mail: $0, emailIndex: emailIndex, askedAt: askedAt, request: request)
            }
        }
    }

    /// Takes the wish that has waited longest; whoever else looks for one meanwhile gets another.
    package func take(in tx: Transaction) async throws -> Wish? {
        try await tx.run(Wish.row) {
            """
            update mail_wish set is_open = false
            where (email_index, mail) = (
                select email_index, mail from mail_wish where is_open order by asked_at limit 1 for update skip locked)
            returning \($0)
            """
        }.first ?? nil
    }

    /// Forgets what no longer limits anything; some at a time.
    package func forget(at now: Instant) async throws {
        try await database.run(
            """
            delete from mail_wish where (email_index, mail) in (
                select email_index, mail from mail_wish where not is_open and since < \(limit.begin(at: now))
                limit 1000 for update skip locked)
            """)
    }
}
