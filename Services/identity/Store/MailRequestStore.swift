import Chassis
import Crypto
package import IdentityDomain
package import Kernel
package import Postgres

/// Mails that were asked for, whether or not anybody has the email, and how often. The table is `mail_wish`: renamed, it
/// would be lost to a process of the last release that still runs.
package struct MailRequestStore: Sendable {
    let database: Database
    let vault: Vault
    let limit: AskingLimit

    package init(database: Database, vault: Vault, limit: AskingLimit) {
        self.database = database
        self.vault = vault
        self.limit = limit
    }

    /// Notes that the mail is wanted, and looks at no account: who asks waits as long whoever has the email. When it was
    /// asked for too often, says how long to wait, and notes nothing.
    package func ask(
        for mail: WantedMail, to email: Email, from origin: Origin, at now: Instant, in tx: Transaction
    ) async throws -> Duration? {
        let key = vault.emails.exact(email.comparable)
        let begin = limit.begin(at: now)
        let address = try seal(origin.address, key, mail)
        let noted = try await tx.run(
            """
            insert into mail_wish as w (email_index, mail, wishes, since, asked_at, request_id, sealed_address, is_open)
            values (\(key), \(mail.rawValue), 1, \(now), \(now), \(origin.requestID), \(address), true)
            on conflict (email_index, mail) do update set
                wishes = case when w.since <= \(begin) then 1 else w.wishes + 1 end,
                since = case when w.since <= \(begin) then \(now)::timestamptz else w.since end,
                asked_at = \(now), request_id = excluded.request_id, sealed_address = excluded.sealed_address,
                is_open = true
            where w.since <= \(begin) or w.wishes < \(limit.number)
            returning 1
            """)
        if noted.count == 1 { return nil }
        let since = try await tx.run(
            "select since from mail_wish where email_index = \(key) and mail = \(mail.rawValue)"
        ).one.instant(0)
        return limit.wait(since: since, at: now)
    }

    /// Takes the request that has waited longest; whoever else looks for one meanwhile gets another. The address it came
    /// from is kept no longer.
    package func take(in tx: Transaction) async throws -> MailRequest? {
        let rows = try await tx.run(
            """
            with taken as (
                select email_index, mail, sealed_address from mail_wish where is_open order by asked_at limit 1
                for update skip locked)
            update mail_wish as w set is_open = false, sealed_address = null from taken as t
            where w.email_index = t.email_index and w.mail = t.mail
            returning w.mail, w.email_index, w.asked_at, w.request_id, t.sealed_address
            """)
        guard let row = rows.first, let mail = WantedMail(rawValue: try row.text(0)) else { return nil }
        let index = try row.bytes(1)
        let address = try open(try row.decode(4), index, mail)
        return MailRequest(
            mail: mail, emailIndex: index, askedAt: try row.instant(2),
            origin: .job("mail requests", requestID: try row.text(3), address: address))
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

    private func seal(_ address: String?, _ index: [UInt8], _ mail: WantedMail) throws -> [UInt8]? {
        try address.map { address in
            try box.seal(Array(address.utf8), at: Self.place(index, mail), owner: Self.owner)
        }
    }

    private func open(_ sealed: [UInt8]?, _ index: [UInt8], _ mail: WantedMail) throws -> String? {
        try sealed.flatMap { sealed in
            String(
                validating: try box.open(sealed, at: Self.place(index, mail), owner: Self.owner), as: UTF8.self)
        }
    }

    private var box: SealedBox { SealedBox(vault.sealer) }
    private static let owner = "mail requests"

    private static func place(_ index: [UInt8], _ mail: WantedMail) -> SealedPlace {
        SealedPlace(table: "mail_wish", row: "\(Hex.encode(index))/\(mail.rawValue)", column: "sealed_address")
    }
}

/// That somebody asked for a mail, and nobody has yet looked whose email it is.
package struct MailRequest: Sendable {
    package let mail: WantedMail
    package let emailIndex: [UInt8]
    package let askedAt: Instant
    /// Under the request that asked, and from its address.
    package let origin: Origin
}
