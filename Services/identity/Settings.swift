package import Crypto
package import IdentityDomain
import Kernel
package import Settings

/// What identity is told at its start, beside what every service is told.
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

    static let access = Setting.integer(
        "JWT_ACCESS_TOKEN_LIFETIME_MINUTES", aliases: ["ACCESS_TOKEN_LIFETIME_MIN"], in: 1...1440, standard: 15,
        help: "Minutes an access token lives")
    static let refresh = Setting.integer(
        "JWT_REFRESH_TOKEN_LIFETIME_DAYS", aliases: ["REFRESH_TOKEN_LIFETIME_DAYS"], in: 1...365, standard: 7,
        help: "Days a refresh token lives; each use begins them anew")
    static let session = Setting.integer(
        "SESSION_LIFETIME_DAYS", in: 1...365, standard: 30,
        help: "Days after which a session ends, however often it was refreshed")
    static let cost = Setting.integer(
        "BCRYPT_SALT_ROUNDS", aliases: ["BCRYPT_ROUNDS"], in: 4...16, standard: 12,
        help: "Cost of a password's hash; fewer than 10 is for tests")
    static let pepper = Setting.secret(
        "PASSWORD_PEPPER", minimumBytes: 32, help: "Mixed into every password before it is hashed")
    static let signingKey = masterKey("SIGNING_KEY_ENCRYPTION_KEY", help: "Seals the token signing keys at rest")
    /// Every service reads it at its start; commands, which have no service around them, read it by this.
    package static let dataKey = masterKey("DATA_ENCRYPTION_KEY", help: "Wraps the keys of personal data at rest")
    static let issuerName = Setting.url(
        "JWT_ISSUER", standard: "http://localhost:8000", help: "The issuer that tokens name: the public address")
    static let audienceName = Setting.text("JWT_AUDIENCE", standard: "praxis", help: "The audience that tokens name")

    /// The gateway counts by address under the same name.
    static let resendRate = Setting.rate(
        "RATE_LIMIT_RESEND", standard: Rate(limit: 3, window: .seconds(3600)),
        help: "Requests of this class in a window, as 5/1h; a bare number keeps the window")

    package static var declarations: [SettingDeclaration] {
        [access, refresh, session, cost].flatMap(\.declarations) + pepper.declarations
            + [signingKey, dataKey].flatMap(\.declarations) + [issuerName, audienceName].flatMap(\.declarations)
            + resendRate.declarations
    }

    package init(_ reader: inout SettingsReader) throws(SettingsFaults) {
        let read = try reader.read(
            Self.access, Self.refresh, Self.session, Self.cost, Self.pepper, Self.signingKey, Self.issuerName,
            Self.audienceName, Self.resendRate)
        lifetimes = TokenLifetimes(
            access: .seconds(60 * read.0), refresh: .seconds(86_400 * min(read.1, read.2)),
            session: .seconds(86_400 * read.2))
        hashingCost = read.3
        passwords = Passwords(pepper: Passwords.Pepper(version: 1, secret: read.4), cost: read.3)
        (signing, issuer, audience) = (Sealer(master: read.5), read.6, read.7)
        resend = AskingLimit(number: read.8.limit, window: read.8.window)
    }

    private static func masterKey(_ name: String, help: String) -> Setting<MasterKey> {
        Setting(name, standard: nil, shown: "", help: help, isSecret: true) { text throws(SettingRefusal) in
            do { return try MasterKey(version: 1, secret: Secret(text)) } catch {
                throw "must be 32 bytes in base64url, base64 or hexadecimal"
            }
        }
    }
}
