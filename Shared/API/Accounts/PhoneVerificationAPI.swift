package import Forms
package import JSON
package import Kernel

/// Proving a phone by a code that came as a text message (seed 003). A code is made while the message is written, at
/// notifier's request: neither an event nor a table ever holds one.
package enum PhoneVerificationAPI {
    static let declarations: [Declaration] = [mintCode.declaration, request.declaration, verify.declaration]

    package static let request = Endpoint(
        .post, "/api/v1/patient/verify-phone/request", "requestPhoneCode", of: .identity, for: .roles([.patient]),
        gives: Done.self, says: "A verification code is on its way to your phone.",
        summary: "Have a code sent to the caller's phone as a text message; the newest code counts", tag: "Patients",
        refuses: [.conflict], rate: .otp, validation: .unprocessable)

    package static let verify = Endpoint(
        .post, "/api/v1/patient/verify-phone", "verifyPhone", of: .identity, for: .roles([.patient]),
        takes: PhoneCode.self, gives: Item<VerifiedPhoneView>.self, says: "Phone number verified successfully",
        summary: "Prove the caller's phone by the code that was sent to it; a code works once and is void after five "
            + "wrong ones", tag: "Patients", refuses: [.validationFailed, .conflict, .rateLimited],
        validation: .unprocessable)

    package static let mintCode = Endpoint(
        .post, "/internal/accounts/{id}/phone-code", "mintPhoneCode", of: .identity, for: .services([.notifier]),
        takes: ByID<Account>.self, gives: Item<PhoneCodeView>.self, says: "Code made.",
        summary: "A new code that proves an account's phone, for the text message being written", tag: "Internal",
        refuses: [.notFound])
}

/// The code of a text message and its recipient; the code is null when the phone is proven already.
package struct PhoneCodeView: View {
    package let phone: String
    package let code: String?
    /// Minutes the code works.
    package let minutes: Int

    package init(phone: String, code: String?, minutes: Int) {
        self.phone = phone
        self.code = code
        self.minutes = minutes
    }

    package static let shape = Shape<PhoneCodeView>(
        "PhoneCode", .text("phone") { $0.phone }, .maybe("code") { $0.code }, .integer("minutes") { $0.minutes })
}

/// The code of a text message, as typed.
package struct PhoneCode: Input {
    package let code: Secret

    private static let form = Form(.text("code", 1...20))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? { ["code": "123456"] }

    package init(_ source: Source) throws(Problem) { code = Secret(try Self.form.read(source)) }
}

/// The patient whose phone was proven.
package struct VerifiedPhoneView: View {
    package let patient: ID<Registrant>
    package let phone: String

    package init(patient: ID<Registrant>, phone: String) {
        self.patient = patient
        self.phone = phone
    }

    package static let shape = Shape<VerifiedPhoneView>(
        "VerifiedPhone", .id("patient_id") { $0.patient }, .text("phone_number") { $0.phone },
        .boolean("phone_verified") { _ in true })
}
