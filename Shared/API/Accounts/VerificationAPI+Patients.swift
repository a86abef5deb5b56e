import JSON
package import Kernel

/// The same for patients (seed 003), whose document answers field faults with 422.
extension VerificationAPI {
    package static let verifyPatient = Endpoint(
        .post, "/api/v1/patient/verify-email", "verifyPatientEmail", of: .identity, for: .anyone,
        takes: VerificationToken.self, gives: Item<VerifiedPatientView>.self, says: "Email verified successfully",
        summary: "Prove an email by the token that was sent to it; a token works once", tag: "Patients",
        refuses: [.validationFailed], validation: .unprocessable)

    package static let resendToPatient = Endpoint(
        .post, "/api/v1/patient/resend-verification", "resendPatientVerification", of: .identity, for: .anyone,
        takes: EmailOnly.self, gives: Done.self,
        says: "If a patient with this email waits for verification, an email has been sent.",
        summary: "Send the verification email again; the answer is the same whether or not there is an account",
        tag: "Patients", refuses: [.validationFailed, .rateLimited], rate: .resend, validation: .unprocessable,
        example: ["email": "jane.smith@email.com"])

    package static let logInPatient = Endpoint(
        .post, "/api/v1/patient/login", "logInPatient", of: .identity, for: .anyone,
        takes: LogIn.self, gives: Item<PatientSignedInView>.self, says: "Login successful.",
        summary: "Log in as a self-registered patient", tag: "Patients",
        refuses: [.invalidCredentials, .otpRequired, .otpInvalid, .accountInactive, .rateLimited, .serviceUnavailable],
        rate: .login, validation: .unprocessable,
        example: ["email": "jane.smith@email.com", "password": "SecurePassword123!"])
}

/// The patient whose email was proven (seed 003).
package struct VerifiedPatientView: View {
    package let patient: ID<Registrant>
    package let email: String

    package init(patient: ID<Registrant>, email: String) {
        self.patient = patient
        self.email = email
    }

    package static let shape = Shape<VerifiedPatientView>(
        "VerifiedPatient", .id("patient_id") { $0.patient }, .text("email") { $0.email },
        .boolean("verified") { _ in true })
}

/// A patient as an account: who logged in, which record is theirs, and what of it is proven.
package struct PatientAccountView: View {
    package let patient: ID<Registrant>
    package let user: UserView
    package let phone: String?
    package let isEmailVerified: Bool
    package let isPhoneVerified: Bool

    package init(
        patient: ID<Registrant>, user: UserView, phone: String?, isEmailVerified: Bool, isPhoneVerified: Bool
    ) {
        self.patient = patient
        self.user = user
        self.phone = phone
        self.isEmailVerified = isEmailVerified
        self.isPhoneVerified = isPhoneVerified
    }

    package static let shape = Shape<PatientAccountView>(
        "PatientAccount", .id("patient_id") { $0.patient }, .id("account_id") { $0.user.id },
        .text("username") { $0.user.username }, .text("name") { $0.user.name }, .text("email") { $0.user.email },
        .maybe("phone_number") { $0.phone }, .boolean("email_verified") { $0.isEmailVerified },
        .boolean("phone_verified") { $0.isPhoneVerified })
}

/// A patient who logged in, with the tokens (seed 003).
package struct PatientSignedInView: View {
    package let patient: PatientAccountView
    package let tokens: TokensView

    package init(patient: PatientAccountView, tokens: TokensView) {
        self.patient = patient
        self.tokens = tokens
    }

    package static let shape = Shape<PatientSignedInView>(
        "PatientSignedIn", .view("patient") { $0.patient }, .view("tokens") { $0.tokens })
}
