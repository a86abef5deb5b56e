/// Opened by the link that `praxis setup-link` prints: makes the first administrator.
enum SetUpPage {
    static let page = ActingPage(
        path: "/setup", title: "Set up Praxis",
        content: """
            <form data-when="token" data-to="/api/auth/setup" data-then="You can log in now." novalidate hidden>
            <p>Make the account that runs this platform.</p>
            \(ActingPage.field("username", "Username", autocomplete: "username"))
            \(ActingPage.field("email", "Email address", type: "email", autocomplete: "email"))
            \(ActingPage.field("name", "Your name", autocomplete: "name", isRequired: false))
            \(ActingPage.newPassword("password"))
            <button type="submit">Make the administrator</button>
            </form>
            <p data-when="no token" hidden>This page is opened by a set-up link: <code>praxis setup-link</code> prints one.</p>
            """)
}
