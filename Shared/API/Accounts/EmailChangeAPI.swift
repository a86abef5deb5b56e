package import Kernel

/// A new email for an account: asked for with the profile (`AccountsAPI.updateMe`), proven by the link that is mailed
/// to it. A token is made while the mail is written, at notifier's request.
package enum EmailChangeAPI {
    static let declarations: [Declaration] = [
        confirm.declaration, mintToken.declaration, formerEmail.declaration,
    ]

    package static let confirm = Endpoint(
        .post, "/api/auth/email/confirm", "confirmEmailChange", of: .identity, for: .anyone,
        takes: VerificationToken.self, gives: Done.self, says: "Email changed successfully.",
        summary: "Prove an account's new email by the token that was sent to it; from then on it is the account's",
        tag: "Accounts", refuses: [.validationFailed])

    package static let mintToken = Endpoint(
        .post, "/internal/accounts/{id}/email-change-token", "mintEmailChangeToken", of: .identity,
        for: .services([.notifier]), takes: ByID<Account>.self, gives: Item<EmailChangeTokenView>.self,
        says: "Token made.", summary: "A new token that proves an account's new email, for the mail being written",
        tag: "Internal")

    package static let formerEmail = Endpoint(
        .get, "/internal/accounts/{id}/former-email", "formerEmail", of: .identity, for: .services([.notifier]),
        takes: ByID<Account>.self, gives: Item<FormerEmailView>.self, says: "Former email retrieved successfully.",
        summary: "The email an account had before, for the notice of the change", tag: "Internal")
}

/// A link to a new email, and the address it goes to; both null when no change waits.
package struct EmailChangeTokenView: View {
    /// What the mail carries and where it goes.
    package struct Link: Sendable {
        package let token: String
        package let email: String

        package init(token: String, email: String) {
            self.token = token
            self.email = email
        }
    }

    package let link: Link?

    package init(link: Link?) { self.link = link }

    package static let shape = Shape<EmailChangeTokenView>(
        "EmailChangeToken", .maybe("token") { $0.link?.token }, .maybe("email") { $0.link?.email })
}

/// The address an account had; null once nobody needs to be told any more.
package struct FormerEmailView: View {
    package let email: String?

    package init(email: String?) { self.email = email }

    package static let shape = Shape<FormerEmailView>("FormerEmail", .maybe("email") { $0.email })
}
