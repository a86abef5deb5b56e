package import API
import Kernel
import NotifierDomain
package import Web

/// Shows mails that were kept instead of sent. Only while developing: else there is nothing here.
package struct KeptMails: Sendable {
    /// Nil in production, and where mail is really sent.
    private let folder: MailFolder?

    package init(_ folder: MailFolder?) { self.folder = folder }

    package func list(_: NoInput, _ call: Call) async throws -> WebPage {
        guard let folder else { throw Problem.notFound }
        var rows = ""
        for name in try await folder.names() {
            guard let mail = try await folder.read(name).map(KeptMail.init) else { continue }
            rows += """
                <tr><td>\(Template.escaped(mail["Date"]))</td><td>\(Template.escaped(mail["To"]))</td>\
                <td><a href="/dev/mail/\(Template.escaped(name))">\(Template.escaped(mail["Subject"]))</a></td></tr>
                """
        }
        let table = "<table><tr><th>Date</th><th>To</th><th>Subject</th></tr>\(rows)</table>"
        return Self.page("Mail", rows.isEmpty ? "<p>No mail yet.</p>" : table)
    }

    package func show(_ input: ByName, _ call: Call) async throws -> WebPage {
        guard let mail = try await folder?.read(input.name).map(KeptMail.init) else { throw Problem.notFound }
        let headers = mail.headers
            .map { "<dt>\(Template.escaped($0.name))</dt><dd>\(Template.escaped($0.value))</dd>" }.joined()
        // The frame has no rights at all: no scripts, no forms, no way out.
        return Self.page(
            mail["Subject"],
            """
            <p><a href="/dev/mail">All mail</a></p><dl>\(headers)</dl>
            <h2>Text</h2><pre>\(Template.escaped(mail.text))</pre>
            <h2>HTML</h2><iframe sandbox title="The mail as HTML" srcdoc="\(Template.escaped(mail.html))"></iframe>
            """)
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
