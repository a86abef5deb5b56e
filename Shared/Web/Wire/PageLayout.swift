/// What all pages have around their content: the name, and the style sheet that the gateway serves.
package enum PageLayout {
    /// A whole page of HTML.
    /// - Parameters:
    ///   - title: escaped.
    ///   - isWide: for lists and mails, which need more room than a form.
    package static func page(_ title: String, _ content: String, isWide: Bool = false) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <title>\(title) – Praxis</title>
        <link rel="icon" href="/static/pages/icon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="/static/pages/page.css">
        </head>
        <body\(isWide ? " class=\"wide\"" : "")>
        <header>
        <a class="brand" href="/">\(mark)Praxis</a>
        </header>
        <main>
        \(content)
        </main>
        </body>
        </html>

        """
    }

    private static let mark = """
        <svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8"/>\
        <path d="M16 8v16M8 16h16"/></svg>
        """
}
