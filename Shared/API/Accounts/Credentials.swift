package import Forms
package import JSON
package import Kernel

/// What someone logs in with: an email or a username, a password, and a code where the account asks for one.
package struct LogIn: Input {
    /// The email (where there is an `@`) or the username, as typed.
    package let identifier: String
    package let password: Secret
    /// Of an authenticator, or a recovery code; as typed.
    package let code: Secret?

    private static let form = Form(identifierField("email", or: "username"), .password("password"), oneTimeCode)

    package static var properties: [Schema.Property] { form.properties }
    // A demo account: it works in development as it stands.
    package static var example: JSONValue? { ["username": "demo_staff", "password": "staff123"] }

    package init(_ source: Source) throws(Problem) { try self.init(source, reading: Self.form) }
}

/// The same as seed 004 asks for it: `{username, password}`; an email is taken for a username too.
package struct ObtainToken: Input {
    package let logIn: LogIn

    private static let form = Form(identifierField("username", or: "email"), .password("password"), oneTimeCode)

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? { ["username": "admin", "password": "admin123"] }

    package init(_ source: Source) throws(Problem) { logIn = try LogIn(source, reading: Self.form) }
}

extension LogIn {
    fileprivate init(_ source: Source, reading form: Form<String, String, String?>) throws(Problem) {
        let (identifier, password, code) = try form.read(source)
        self.identifier = identifier
        self.password = Secret(password)
        // Clients that always show a field for it send it empty.
        self.code = code.flatMap { $0.isEmpty ? nil : Secret($0) }
    }
}

private let oneTimeCode = Field<String?>.optional(.text("otp", 0...SecondFactorCode.longest)).described(
    "The code of the account's second factor, or a recovery code; needed where the account has one.")

/// The text under one of two names; the first is the one that is missed when neither was sent.
private func identifierField(_ name: String, or other: String) -> Field<String> {
    let fields = [name, other].map { Field<String>.text($0, 1...254) }
    let properties = fields.flatMap(\.properties).map {
        Schema.Property($0.name, $0.schema.described("One of \(name) and \(other)."), isRequired: false)
    }
    return Field(properties: properties) { source, faults in
        let sent = fields.first { $0.presence(source) == .present } ?? fields.first
        return sent?.read(source, faults)
    }
}

/// A refresh token, to be exchanged or to be ended.
package struct RefreshToken: Input {
    package let token: Secret

    private static let form = Form(.verbatim("refresh", 1...2048))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? { ["refresh": "prx_r_5kT2…"] }

    package init(_ source: Source) throws(Problem) { token = Secret(try Self.form.read(source)) }
}

/// A new password in place of the old one.
package struct ChangePassword: Input {
    package let old: Secret
    package let new: Secret

    private static let form = Form(
        .password("old_password"), .newPassword("new_password"), .confirmation(of: "new_password"))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? {
        [
            "old_password": "staff123", "new_password": "EvenMoreSecure456!",
            "confirm_password": "EvenMoreSecure456!",
        ]
    }

    package init(_ source: Source) throws(Problem) {
        let (old, new, _) = try Self.form.read(source)
        self.old = Secret(old)
        self.new = Secret(new)
    }

    /// The old password of a body that may be wrong elsewhere.
    package static func old(in source: Source) -> Secret? {
        Field<String>.password("old_password").read(source, Faults()).map { Secret($0) }
    }
    package static func chosen(in source: Source) -> ChosenPassword? {
        ChosenPassword(in: source, under: ["new_password"])
    }
}
