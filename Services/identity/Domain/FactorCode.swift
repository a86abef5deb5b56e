/// What somebody typed as the code of their second factor: six digits of an authenticator, or a recovery code.
package enum FactorCode: Sendable, Equatable {
    case digits(String)
    /// As it is hashed: upper case, without hyphens.
    case recovery(String)

    /// Blanks, hyphens and case do not matter; nil is no code at all.
    package init?(_ typed: String) {
        let bytes = typed.uppercased().utf8.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "-") }
        let text = String(decoding: bytes, as: UTF8.self)
        if bytes.count == FactorRules.digits, bytes.allSatisfy({ (48...57).contains($0) }) {
            self = .digits(text)
        } else if bytes.count == RecoveryCode.letters, bytes.allSatisfy(Base32.isLetter) {
            self = .recovery(text)
        } else {
            return nil
        }
    }
}

/// A code for when the authenticator is lost: 120 random bits, so that nobody guesses one and a plain hash keeps it.
package struct RecoveryCode: Sendable, Equatable {
    /// Random bytes one is made of.
    package static let bytes = 15
    /// How many an account gets at a time.
    package static let count = 10
    static let letters = 24

    /// What is hashed.
    package let canonical: String

    package init(random: [UInt8]) { canonical = Base32.encode(random) }

    /// As it is shown: `ABCD-EFGH-IJKL-MNOP-QRST-UVWX`.
    package var shown: String {
        let letters = Array(canonical)
        return stride(from: 0, to: letters.count, by: 4)
            .map { String(letters[$0..<min($0 + 4, letters.count)]) }.joined(separator: "-")
    }
}
