package import API
import Kernel
import NotifierDomain
package import Web

/// Shows mails and text messages that were kept instead of sent. Only while developing: else there is nothing here.
package struct StoredMails: Sendable {
    /// Nil in production, and where mail is really sent.
    private let mails: MailFolder?
    /// Nil in production, and where texts are really sent.
    private let texts: MailFolder?

    package init(_ mails: MailFolder?, texts: MailFolder? = nil) {
        self.mails = mails
        self.texts = texts
    }

    package func list(_: NoInput, _ call: Call) async throws -> WebPage {
        guard mails != nil || texts != nil else { throw Problem.notFound }
        var rows: [String] = []
        // Names begin with their time: those of both folders sort together.
        let names = (try await mails?.names() ?? []) + (try await texts?.names() ?? [])
        for name in names.sorted(by: >).prefix(200) {
            guard let kept = try await read(name) else { continue }
            rows.append(MailPage.row(name: name, title: kept.title, to: kept.to, date: kept.date))
        }
        return WebPage(html: PageLayout.page("Mail", MailPage.list(rows), isWide: true))
    }

    package func show(_ input: ByName, _ call: Call) async throws -> WebPage {
        guard let kept = try await read(input.name) else { throw Problem.notFound }
        let content = MailPage.mail(title: kept.title, headers: kept.headers, text: kept.text, html: kept.html)
        return WebPage(html: PageLayout.page(Template.escaped(kept.title), content, isWide: true))
    }

    /// A mail or a text message, as the page shows it.
    private struct Kept {
        let title: String
        let to: String
        let date: String
        let headers: [(name: String, value: String)]
        let text: String
        let html: String?
    }

    private func read(_ name: String) async throws -> Kept? {
        if let mail = try await mails?.read(name).map(StoredMail.init) {
            return Kept(
                title: mail["Subject"], to: mail["To"], date: mail["Date"], headers: mail.headers, text: mail.text,
                html: mail.html)
        }
        guard let text = try await texts?.read(name).map(StoredText.init) else { return nil }
        return Kept(
            title: "Text message: \(text["Kind"])", to: text["To"], date: text["Date"], headers: text.headers,
            text: text.text, html: nil)
    }
}
