import Chassis
package import Crypto
package import IdentityDomain
import Kernel
package import Settings

/// The settings of identity, beside those of every service.
package struct IdentitySettings: Sendable {
    package let lifetimes: TokenLifetimes
    package let hashingCost: Int
    package let passwords: Passwords
    /// Wraps the keys that sign tokens.
    package let signing: Sealer
    package let issuer: String
    package let audience: String
    /// How often a mail to one address may be asked for.
    package let resend: AskingLimit
    /// What an authenticator shows above the account's name.
    package let factorIssuer: String
    package let asksAdminsForFactor: Bool
    package let forcesPasswordChange: Bool
    package let phoneCodes: PhoneCodeRules

    static let access = Setting.integer(
        "JWT_ACCESS_TOKEN_LIFETIME_MINUTES", aliases: ["ACCESS_TOKEN_LIFETIME_MIN"], in: 1...1440, default: 15,
        help: "Minutes an access token lives")
    static let refresh = Setting.integer(
        "JWT_REFRESH_TOKEN_LIFETIME_DAYS", aliases: ["REFRESH_TOKEN_LIFETIME_DAYS"], in: 1...365, default: 7,
        help: "Days a refresh token lives; each use begins them anew")
    static let session = Setting.integer(
        "SESSION_LIFETIME_DAYS", in: 1...365, default: 30,
        help: "Days after which a session ends, however often it was refreshed")
    static let cost = Setting.integer(
        "BCRYPT_SALT_ROUNDS", aliases: ["BCRYPT_ROUNDS"], in: 4...16, default: 12,
        help: "Cost of a password's hash; fewer than 10 is for tests")
    static let pepper = Setting.secret(
        "PASSWORD_PEPPER", minimumBytes: 32, help: "Mixed into every password before it is hashed")
    static let signingKey = SealerSource("SIGNING_KEY_ENCRYPTION_KEY", help: "Wraps the token signing keys at rest")
    static let issuerName = IssuerSource()
    static let audienceName = Setting.text("JWT_AUDIENCE", default: "praxis", help: "The audience that tokens name")
    static let factorIssuerName = Setting(
        "MFA_ISSUER", default: "Praxis", shown: "Praxis", help: "The name authenticators show"
    ) { text throws(SettingRefusal) in
        guard (1...64).contains(text.utf8.count), !text.contains(":") else {
            throw "must have 1 to 64 bytes and no colon"
        }
        return text
    }
    static let adminFactor = Setting.flag(
        "REQUIRE_ADMIN_MFA", default: false,
        help: "Whether administrators without a second factor may do nothing but set one up")
    static let forcedChange = Setting.flag(
        "FORCE_PASSWORD_CHANGE", default: false,
        help: "Whether a hospital's doctor may do nothing but choose a password while they have the generated one")
    static let codeMinutes = Setting.integer(
        "OTP_EXPIRY_MINUTES", in: 1...60, default: 10, help: "Minutes a code of a text message works")
    static let codeDigits = Setting.integer(
        "OTP_LENGTH", in: 6...10, default: 6, help: "Digits of a code of a text message")

    /// The gateway counts by address under the same name.
    static let resendRate = Setting.rate(
        "RATE_LIMIT_RESEND", default: Rate(limit: 3, window: .seconds(3600)),
        help: "Requests of this class in a window, as 5/1h; a bare number keeps the window")

    package static var declarations: [SettingDeclaration] {
        [access, refresh, session, cost].flatMap(\.declarations) + pepper.declarations
            + signingKey.declarations + SealerSource.data.declarations
            + issuerName.declarations + [audienceName, factorIssuerName].flatMap(\.declarations)
            + [adminFactor, forcedChange].flatMap(\.declarations) + [codeMinutes, codeDigits].flatMap(\.declarations)
            + resendRate.declarations
    }

    package init(_ reader: inout SettingsReader) throws(SettingsFaults) {
        let read = try reader.read(
            Self.access, Self.refresh, Self.session, Self.cost, Self.pepper, Self.signingKey, Self.issuerName,
            Self.audienceName, Self.factorIssuerName, Self.adminFactor, Self.codeMinutes, Self.codeDigits,
            Self.resendRate, Self.forcedChange)
        lifetimes = TokenLifetimes(
            access: .seconds(60 * read.0), refresh: .seconds(86_400 * min(read.1, read.2)),
            session: .seconds(86_400 * read.2))
        hashingCost = read.3
        passwords = Passwords(pepper: Passwords.Pepper(version: 1, secret: read.4), cost: read.3)
        signing = read.5
        issuer = read.6
        audience = read.7
        factorIssuer = read.8
        asksAdminsForFactor = read.9
        phoneCodes = PhoneCodeRules(digits: read.11, life: .seconds(60 * read.10))
        forcesPasswordChange = read.13
        resend = AskingLimit(number: read.12.limit, window: read.12.window)
    }

    /// What one hash takes until some were measured: 260 ms at a cost of 12 on a small machine, doubling with the cost.
    package var expectedHashTime: Duration { .microseconds((260_000 << hashingCost) >> 12) }
}
