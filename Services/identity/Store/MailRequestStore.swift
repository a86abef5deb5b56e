import Chassis
import Crypto
package import IdentityDomain
package import Kernel
package import Postgres

/// Mails that were asked for, whether or not anybody has the email, and how often. The table is `mail_wish`: renamed,
/// it would be lost to a process of the last release that still runs.
package struct MailRequestStore: Sendable {
    let database: Database
    let vault: Vault
    let limit: AskingLimit

    package init(database: Database, vault: Vault, limit: AskingLimit) {
        self.database = database
        self.vault = vault
        self.limit = limit
    }

    /// Notes that the mail is wanted, and looks at no account: who asks waits as long whoever has the email. When it
    /// was asked for too often, says how long to wait, and notes nothing.
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
            """)
        if noted.affected == 1 { return nil }
        let since = try await tx.run(Column<Instant>("since")) {
            "select \($0) from mail_wish where email_index = \(key) and mail = \(mail.rawValue)"
        }.one
        return limit.wait(since: since, at: now)
    }

    /// Takes the request that has waited longest; whoever else looks for one meanwhile gets another. The address it
    /// came from is kept no longer.
    package func take(in tx: Transaction) async throws -> MailRequest? {
        let row = Projection(
            Column<String>("w.mail"), Column<[UInt8]>("w.email_index"), Column<Instant>("w.asked_at"),
            Column<String>("w.request_id"), Column<[UInt8]?>("t.sealed_address"))
        let taken = try await tx.run(row) {
            """
            with taken as (
                select email_index, mail, sealed_address from mail_wish where is_open order by asked_at limit 1
                for update skip locked)
            update mail_wish as w set is_open = false, sealed_address = null from taken as t
            where w.email_index = t.email_index and w.mail = t.mail
            returning \($0)
            """
        }.first
        // Nil also for a mail this version does not know.
        guard let (name, index, askedAt, requestID, address) = taken, let mail = WantedMail(rawValue: name) else {
            return nil
        }
        return MailRequest(
            mail: mail, emailIndex: index, askedAt: askedAt,
            origin: .job("mail requests", requestID: requestID, address: try open(address, index, mail)))
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
            try box.seal(Array(address.utf8), authenticating: Self.associatedData(index, mail), owner: Self.owner)
        }
    }

    private func open(_ sealed: [UInt8]?, _ index: [UInt8], _ mail: WantedMail) throws -> String? {
        try sealed.flatMap { sealed in
            String(
                validating: try box.open(sealed, authenticating: Self.associatedData(index, mail), owner: Self.owner),
                as: UTF8.self)
        }
    }

    private var box: SealedBox { SealedBox(vault.sealer) }
    private static let owner = "mail requests"

    private static func associatedData(_ index: [UInt8], _ mail: WantedMail) -> AssociatedData {
        AssociatedData(table: "mail_wish", row: "\(Hex.encode(index))/\(mail.rawValue)", column: "sealed_address")
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
