package import Kernel

/// Proving a phone by a code that came as a text message (seed 003). A code is made while the message is written, at
/// notifier's request: neither an event nor a table ever holds one.
package enum PhoneVerificationAPI {
    package static let mintCode = Endpoint(
        .post, "/internal/accounts/{id}/phone-code", "mintPhoneCode", of: .identity, for: .services([.notifier]),
        takes: ByID<Account>.self, gives: Item<PhoneCodeView>.self, says: "Code made.",
        summary: "A new code that proves an account's phone, for the text message being written", tag: "Internal",
        refuses: [.notFound])
}

/// What a text message carries, and where it goes; the code is null when the phone is proven already.
package struct PhoneCodeView: View {
    package let phone: String
    package let code: String?
    /// Minutes the code works.
    package let minutes: Int

    package init(phone: String, code: String?, minutes: Int) {
        (self.phone, self.code, self.minutes) = (phone, code, minutes)
    }

    package static let shape = Shape<PhoneCodeView>(
        "PhoneCode", .text("phone") { $0.phone }, .maybe("code") { $0.code }, .integer("minutes") { $0.minutes })
}
