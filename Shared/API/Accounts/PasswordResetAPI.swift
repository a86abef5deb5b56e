package import Forms
package import JSON
package import Kernel

/// A password that was forgotten: its owner asks for a link by email, and the link opens the way to a new one, once. A
/// token is made while the mail is written, at notifier's request: neither an event nor a table ever holds one.
package enum PasswordResetAPI {
    static let declarations: [Declaration] = [forgot.declaration, reset.declaration, mintToken.declaration]

    package static let forgot = Endpoint(
        .post, "/api/auth/password/forgot", "forgotPassword", of: .identity, for: .anyone,
        takes: EmailOnly.self, gives: Done.self,
        says: "If there is an account with this email, a link to set a new password has been sent.",
        summary: "Send a link that sets a new password; the answer is the same whether or not there is an account",
        tag: "Accounts", refuses: [.validationFailed, .rateLimited], rate: .resend,
        example: ["email": "staff@praxis.example"])

    package static let reset = Endpoint(
        .post, "/api/auth/password/reset", "resetPassword", of: .identity, for: .anyone,
        takes: Attempt<ResetPassword>.self, gives: Done.self, says: "Password reset successfully.",
        summary: "Set a new password by the token of a mailed link; all sessions of the account end", tag: "Accounts",
        refuses: [.validationFailed, .serviceUnavailable])

    package static let mintToken = Endpoint(
        .post, "/internal/accounts/{id}/password-reset-token", "mintPasswordResetToken", of: .identity,
        for: .services([.notifier]), takes: ByID<Account>.self, gives: Item<PasswordResetTokenView>.self,
        says: "Token made.", summary: "A new token that sets an account's password, for the mail being written",
        tag: "Internal", refuses: [.notFound])
}

/// A new password, and the token that allows it.
package struct ResetPassword: Input {
    package let token: Secret
    package let new: Secret

    private static let names = ["new_password", "password"]
    private static let form = Form(
        .verbatim("token", 1...256), .newPassword(underOneOf: names), .confirmation(of: "new_password", "password"))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? {
        [
            "token": "prxp_5kT2…", "new_password": "EvenMoreSecure456!", "confirm_password": "EvenMoreSecure456!",
        ]
    }

    package init(_ source: Source) throws(Problem) {
        let (token, new, _) = try Self.form.read(source)
        self.token = Secret(token)
        self.new = Secret(new)
    }

    /// The token of a body that may be wrong elsewhere.
    package static func token(in source: Source) -> Secret? {
        Field<String>.verbatim("token", 1...256).read(source, Faults()).map { Secret($0) }
    }
    package static func chosen(in source: Source) -> ChosenPassword? { ChosenPassword(in: source, under: names) }
}

/// The secret of a link in a mail; null when nobody asked for one any more, or the account is switched off.
package struct PasswordResetTokenView: View {
    package let token: String?

    package init(token: String?) { self.token = token }

    package static let shape = Shape<PasswordResetTokenView>("PasswordResetToken", .maybe("token") { $0.token })
}
