/// Opened by the link of a mail it sets a new password; opened without one it asks for the mail.
enum ResetPasswordPage {
    static let page = ActingPage(
        path: "/reset-password", title: "Choose a new password",
        content: """
            <form data-when="token" data-to="/api/auth/password/reset" \
            data-then="You can log in with your new password now." novalidate hidden>
            \(ActingPage.newPassword("new_password"))
            <button type="submit">Set my new password</button>
            </form>
            <form data-when="no token" data-to="/api/auth/password/forgot" novalidate hidden>
            <p>Tell us your email address, and we send you a link to choose a new password.</p>
            \(ActingPage.field("email", "Email address", type: "email", autocomplete: "email"))
            <button type="submit">Send me a link</button>
            </form>
            """)
}
