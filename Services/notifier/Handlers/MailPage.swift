import NotifierDomain

/// The parts of the pages that show kept mail.
enum MailPage {
    static func list(_ rows: [String]) -> String {
        let mails =
            rows.isEmpty ? "<p>No mail yet.</p>" : "<ul class=\"links\">\n\(rows.joined(separator: "\n"))\n</ul>"
        return """
            <h1>Mail</h1>
            <p class="soft">Messages that were kept instead of sent, the newest first.</p>
            <p><a class="button" href="/dev/mail">Look for new mail</a></p>
            \(mails)
            """
    }

    static func row(name: String, title: String, to: String, date: String) -> String {
        """
        <li><a href="/dev/mail/\(Template.escaped(name))">\(Template.escaped(title))\
        <span>\(Template.escaped(to))</span><span>\(Template.escaped(date))</span></a></li>
        """
    }

    static func mail(
        title: String, headers: [(name: String, value: String)], text: String, html: String?
    ) -> String {
        let known = headers.filter { ["From", "To", "Date"].contains($0.name) }
        return """
            <p><a href="/dev/mail">All mail</a></p>
            <h1>\(Template.escaped(title))</h1>
            <dl>\(fields(known))</dl>
            \(html.map(frame) ?? "")
            <h2>Text</h2>
            <pre>\(linked(text))</pre>
            <details><summary>All headers</summary><dl>\(fields(headers))</dl></details>
            """
    }

    private static func fields(_ fields: [(name: String, value: String)]) -> String {
        fields.map { "<dt>\(Template.escaped($0.name))</dt><dd>\(Template.escaped($0.value))</dd>" }.joined()
    }

    /// No scripts, no forms; a link of the mail opens beside this page, as from a mail program.
    private static func frame(_ html: String) -> String {
        """
        <iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="The mail as HTML" \
        srcdoc="\(Template.escaped("<base target=\"_blank\">" + html))"></iframe>
        """
    }

    /// Escaped, with its addresses as links.
    static func linked(_ text: String) -> String {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { line in line.split(separator: " ", omittingEmptySubsequences: false).map(word).joined(separator: " ")
            }
            .joined(separator: "\n")
    }

    private static func word(_ word: Substring) -> String {
        guard word.hasPrefix("http://") || word.hasPrefix("https://") else { return Template.escaped(String(word)) }
        // What ends a sentence is not the address's.
        let end = word.lastIndex { !".,;:!?)".contains($0) }.map(word.index(after:)) ?? word.endIndex
        let address = Template.escaped(String(word[..<end]))
        return "<a href=\"\(address)\" target=\"_blank\">\(address)</a>\(Template.escaped(String(word[end...])))"
    }
}
