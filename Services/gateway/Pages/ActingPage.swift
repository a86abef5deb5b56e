import HTTP

/// A page that a link opens and a person acts on. Looking at it changes nothing – mail scanners follow links –, only
/// what its form posts does. It loads nothing from elsewhere, runs no script but our own files, is kept by nobody, and
/// tells no other site where it was.
struct ActingPage: Sendable {
    let path: String
    let title: String
    /// What stands below the title.
    let content: String
    var script = FormScript.path

    static let all = [VerifyEmailPage.page, ResetPasswordPage.page, SetUpPage.page]

    /// What they are made of beside themselves.
    static let files: [(path: String, type: String, text: String)] = [
        (VerifyEmailPage.scriptPath, "text/javascript; charset=utf-8", VerifyEmailPage.script),
        (FormScript.path, "text/javascript; charset=utf-8", FormScript.text),
        (PageStyle.path, "text/css; charset=utf-8", PageStyle.text),
    ]

    /// RFC 8615: where password managers send people. Without a link's token the page asks for the email.
    static let redirects = ["/.well-known/change-password": ResetPasswordPage.page.path]

    static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'"

    var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <title>\(title)</title>
        <link rel="stylesheet" href="\(PageStyle.path)">
        </head>
        <body>
        <main>
        <h1>\(title)</h1>
        \(content)
        <p role="status" aria-live="polite" tabindex="-1"></p>
        <noscript><p>This page needs JavaScript.</p></noscript>
        </main>
        <script src="\(script)"></script>
        </body>
        </html>
        """
    }

    /// A labelled field, with room for what is wrong with it.
    static func field(
        _ name: String, _ label: String, type: String = "text", autocomplete: String, isRequired: Bool = true,
        hint: String? = nil
    ) -> String {
        let hintID = hint.map { _ in " \(name)-hint" } ?? ""
        let hint = hint.map { "<p class=\"hint\" id=\"\(name)-hint\">\($0)</p>\n" } ?? ""
        return """
            <label for="\(name)">\(label)</label>
            \(hint)<input id="\(name)" name="\(name)" type="\(type)" autocomplete="\(autocomplete)"\
            \(isRequired ? " required" : "") aria-describedby="\(name)-fault\(hintID)">
            <p class="fault" id="\(name)-fault"></p>
            """
    }

    /// A password to be chosen, twice.
    static func newPassword(_ name: String) -> String {
        let rules =
            "At least 8 characters with upper case, lower case, digit and special character, or at least 15 of any kind."
        return field(name, "New password", type: "password", autocomplete: "new-password", hint: rules) + "\n"
            + field("confirm_password", "The same again", type: "password", autocomplete: "new-password")
    }
}
