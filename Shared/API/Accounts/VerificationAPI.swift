package import Forms
package import JSON
package import Kernel

/// What self-registered people do with their account before and after they have proven their email (seeds 000, 003).
package enum VerificationAPI {
    static let declarations: [Declaration] = [
        verifyProvider.declaration, resendToProvider.declaration, logInProvider.declaration,
        verifyPatient.declaration, resendToPatient.declaration, logInPatient.declaration,
    ]

    package static let verifyProvider = Endpoint(
        .post, "/api/v1/provider/verify-email", "verifyProviderEmail", of: .identity, for: .anyone,
        takes: VerificationToken.self, gives: Item<VerifiedProviderView>.self, says: "Email verified successfully",
        summary: "Prove an email by the token that was sent to it; a token works once", tag: "Providers",
        refuses: [.validationFailed])

    package static let resendToProvider = Endpoint(
        .post, "/api/v1/provider/resend-verification", "resendProviderVerification", of: .identity, for: .anyone,
        takes: EmailOnly.self, gives: Done.self,
        says: "If a provider with this email waits for verification, an email has been sent.",
        summary: "Send the verification email again; the answer is the same whether or not there is an account",
        tag: "Providers", refuses: [.validationFailed, .rateLimited], rate: .resend,
        example: ["email": "john.doe@clinic.com"])

    package static let logInProvider = Endpoint(
        .post, "/api/v1/provider/login", "logInProvider", of: .identity, for: .anyone,
        takes: LogIn.self, gives: Item<ProviderSignedInView>.self, says: "Login successful.",
        summary: "Log in as a self-registered provider", tag: "Providers",
        refuses: [.invalidCredentials, .otpRequired, .otpInvalid, .accountInactive, .rateLimited, .serviceUnavailable],
        rate: .login, example: ["email": "john.doe@clinic.com", "password": "SecurePassword123!"])
}

/// The token of a link that came by mail.
package struct VerificationToken: Input {
    package let token: Secret

    private static let form = Form(.verbatim("token", 1...256))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? { ["token": "prxv_5kT2…"] }

    package init(_ source: Source) throws(Problem) { token = Secret(try Self.form.read(source)) }
}

/// A body with an email and nothing else.
package struct EmailOnly: Input {
    package let email: Email

    private static let form = Form(.email("email"))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? { ["email": "john.doe@clinic.example"] }

    package init(_ source: Source) throws(Problem) { email = try Self.form.read(source) }
}

/// The provider whose email was proven (seed 000).
package struct VerifiedProviderView: View {
    package let provider: ID<Registrant>
    package let email: String

    package init(provider: ID<Registrant>, email: String) {
        self.provider = provider
        self.email = email
    }

    package static let shape = Shape<VerifiedProviderView>(
        "VerifiedProvider", .id("provider_id") { $0.provider }, .text("email") { $0.email },
        .boolean("verified") { _ in true })
}

/// A provider as an account: who logged in, and which entry is theirs.
package struct ProviderAccountView: View {
    package let provider: ID<Registrant>
    package let user: UserView
    package let isEmailVerified: Bool

    package init(provider: ID<Registrant>, user: UserView, isEmailVerified: Bool) {
        self.provider = provider
        self.user = user
        self.isEmailVerified = isEmailVerified
    }

    package static let shape = Shape<ProviderAccountView>(
        "ProviderAccount", .id("provider_id") { $0.provider }, .id("account_id") { $0.user.id },
        .text("username") { $0.user.username }, .text("name") { $0.user.name }, .text("email") { $0.user.email },
        .boolean("email_verified") { $0.isEmailVerified })
}

/// A provider who logged in, with the tokens (seed 000).
package struct ProviderSignedInView: View {
    package let provider: ProviderAccountView
    package let tokens: TokensView

    package init(provider: ProviderAccountView, tokens: TokensView) {
        self.provider = provider
        self.tokens = tokens
    }

    package static let shape = Shape<ProviderSignedInView>(
        "ProviderSignedIn", .view("provider") { $0.provider }, .view("tokens") { $0.tokens })
}
