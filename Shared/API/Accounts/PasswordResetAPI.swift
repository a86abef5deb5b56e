package import Kernel

/// Setting a new password by a link that came by mail. A token is made while the mail is written, at notifier's request:
/// neither an event nor notifier's tables ever hold one.
package enum PasswordResetAPI {
    package static let mintToken = Endpoint(
        .post, "/internal/accounts/{id}/password-reset-token", "mintPasswordResetToken", of: .identity,
        for: .services([.notifier]), takes: ByID<Account>.self, gives: Item<PasswordResetTokenView>.self,
        says: "Token made.", summary: "A new token that sets an account's password, for the mail being written",
        tag: "Internal", refuses: [.notFound])
}

/// What a link in a mail carries; null when none must be sent.
package struct PasswordResetTokenView: View {
    package let token: String?

    package init(token: String?) { self.token = token }

    package static let shape = Shape<PasswordResetTokenView>("PasswordResetToken", .maybe("token") { $0.token })
}
