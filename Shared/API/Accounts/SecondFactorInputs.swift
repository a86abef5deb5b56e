package import Forms
package import JSON
package import Kernel

/// What somebody types as a code: six digits of an authenticator, or a recovery code with its hyphens.
enum SecondFactorCode {
    /// Characters; a recovery code has 29.
    static let longest = 64

    static func field(_ name: String) -> Field<String> { .text(name, 1...longest) }
}

/// The password once more, since a stolen session must not become somebody's second factor; and a code of the factor
/// that is to be replaced, where there is one.
package struct EnrolSecondFactor: Input {
    package let password: Secret
    package let code: Secret?

    private static let form = Form(
        .password("password"),
        .optional(SecondFactorCode.field("otp")).described("Needed to replace a second factor that is set up."))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? { ["password": "staff123"] }

    package init(_ source: Source) throws(Problem) {
        let (password, code) = try Self.form.read(source)
        self.password = Secret(password)
        self.code = code.map { Secret($0) }
    }
}

/// A code the new authenticator shows.
package struct ConfirmSecondFactor: Input {
    package let code: Secret

    private static let form = Form(SecondFactorCode.field("code"))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? { ["code": "123456"] }

    package init(_ source: Source) throws(Problem) { code = Secret(try Self.form.read(source)) }
}

/// Both factors: whoever has one of them must not be able to take the other away.
package struct DisableSecondFactor: Input {
    package let password: Secret
    package let code: Secret

    private static let form = Form(.password("password"), SecondFactorCode.field("otp"))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? { ["password": "staff123", "otp": "123456"] }

    package init(_ source: Source) throws(Problem) {
        let (password, code) = try Self.form.read(source)
        self.password = Secret(password)
        self.code = Secret(code)
    }
}

/// A code of the factor whose recovery codes are renewed.
package struct RenewRecoveryCodes: Input {
    package let code: Secret

    private static let form = Form(SecondFactorCode.field("otp"))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? { ["otp": "123456"] }

    package init(_ source: Source) throws(Problem) { code = Secret(try Self.form.read(source)) }
}

/// A code of a second factor, for something that wants one.
package struct SecondFactorProof: Input {
    package let code: Secret?

    private static let form = Form(.optional(SecondFactorCode.field("otp")))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? { ["otp": "123456"] }

    package init(_ source: Source) throws(Problem) { code = try Self.form.read(source).map { Secret($0) } }
}
