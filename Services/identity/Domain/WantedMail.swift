/// A mail that somebody may ask for by naming an email, whoever they are.
package enum WantedMail: String, Sendable, CaseIterable {
    case passwordReset = "password_reset"
    case providerVerification = "provider_verification"
    case patientVerification = "patient_verification"
    case emailChange = "email_change"

    /// After which a request that nobody has looked at is let go: who asked has long asked again.
    package var timeout: Duration {
        switch self {
        case .passwordReset: ResetRules.open
        case .providerVerification, .patientVerification, .emailChange: VerificationRules.life
        }
    }
}
