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
        var rows = ""
        // Names begin with their time: those of both folders sort together.
        let names = (try await mails?.names() ?? []) + (try await texts?.names() ?? [])
        for name in names.sorted(by: >).prefix(200) {
            guard let kept = try await read(name) else { continue }
            rows += """
                <tr><td>\(Template.escaped(kept.date))</td><td>\(Template.escaped(kept.to))</td>\
                <td><a href="/dev/mail/\(Template.escaped(name))">\(Template.escaped(kept.title))</a></td></tr>
                """
        }
        let table = "<table><tr><th>Date</th><th>To</th><th>Subject</th></tr>\(rows)</table>"
        return Self.page("Mail", rows.isEmpty ? "<p>No mail yet.</p>" : table)
    }

    package func show(_ input: ByName, _ call: Call) async throws -> WebPage {
        guard let kept = try await read(input.name) else { throw Problem.notFound }
        let headers = kept.headers
            .map { "<dt>\(Template.escaped($0.name))</dt><dd>\(Template.escaped($0.value))</dd>" }.joined()
        // The frame has no rights at all: no scripts, no forms, no way out.
        let frame = kept.html.map {
            """

            <h2>HTML</h2><iframe sandbox title="The mail as HTML" srcdoc="\(Template.escaped($0))"></iframe>
            """
        }
        return Self.page(
            kept.title,
            """
            <p><a href="/dev/mail">All mail</a></p><dl>\(headers)</dl>
            <h2>Text</h2><pre>\(Template.escaped(kept.text))</pre>\(frame ?? "")
            """)
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

    private static func page(_ title: String, _ content: String) -> WebPage {
        WebPage(
            html: """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <title>\(Template.escaped(title))</title><style>
                body{font-family:system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;line-height:1.5}
                table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.4rem;border-bottom:1px solid #ccd}
                dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{font-weight:600}dd{margin:0}
                pre{background:#f4f6f8;padding:1rem;white-space:pre-wrap}iframe{width:100%;height:30rem;border:1px solid #ccd}
                </style></head><body><main><h1>\(Template.escaped(title))</h1>\(content)</main></body></html>
                """)
    }
}
