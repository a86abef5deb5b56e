import Forms
import JSON
package import Kernel

/// The state of an account's second factor, as a page of settings shows it.
package struct SecondFactorView: View {
    package let confirmedAt: Instant?
    /// Recovery codes that were not used yet.
    package let codesLeft: Int
    /// Whether this account must have one.
    package let isRequired: Bool

    package init(confirmedAt: Instant?, codesLeft: Int, isRequired: Bool) {
        self.confirmedAt = confirmedAt
        self.codesLeft = codesLeft
        self.isRequired = isRequired
    }

    package static let shape = Shape<SecondFactorView>(
        "SecondFactor", .boolean("enabled") { $0.confirmedAt != nil }, .boolean("required") { $0.isRequired },
        .maybeInstant("confirmed_at") { $0.confirmedAt }, .integer("recovery_codes_left") { $0.codesLeft })
}

/// The data for an authenticator app: shown once, to be scanned or typed.
package struct EnrolmentView: View {
    /// Base32, for who cannot scan.
    package let secret: String
    package let uri: String
    /// The URI as a QR code: an SVG image.
    package let picture: String
    /// Until when it can be confirmed.
    package let expiresAt: Instant

    package init(secret: String, uri: String, picture: String, expiresAt: Instant) {
        self.secret = secret
        self.uri = uri
        self.picture = picture
        self.expiresAt = expiresAt
    }

    package static let shape = Shape<EnrolmentView>(
        "SecondFactorEnrolment", .text("secret") { $0.secret }, .text("otpauth_uri") { $0.uri },
        .text("qr_svg") { $0.picture }, .instant("expires_at") { $0.expiresAt })
}

/// Shown once; each logs in once where the authenticator is lost.
package struct RecoveryCodesView: View {
    package let codes: [String]

    package init(codes: [String]) { self.codes = codes }

    package static let shape = Shape<RecoveryCodesView>("RecoveryCodes", .texts("recovery_codes") { $0.codes })
}

/// Whether a code was right, which it was if there is a second factor at all.
package struct ProvenFactorView: View {
    package let hasFactor: Bool

    package init(hasFactor: Bool) { self.hasFactor = hasFactor }

    package static let shape = Shape<ProvenFactorView>(
        "ProvenFactor", .boolean("has_second_factor") { $0.hasFactor })
}

extension ViewField {
    static func texts(_ name: StaticString, _ get: @escaping Get<[String]>) -> ViewField {
        ViewField(name, .array(of: .string)) { value, json in
            json.array { json in
                for text in get(value) { json.string(text) }
            }
        }
    }
}
