package import Kernel

/// A short code for a person to type (6 digits by default): shown once, kept as an HMAC, compared in constant time. Its
/// life and the number of tries are the owner's to bound.
package enum OneTimeCode {
    /// Evenly distributed decimal digits, leading zeros kept.
    package static func make(digits: Int = 6) -> Secret {
        Secret(String((0..<max(1, digits)).map { _ in Character(String(Random.below(10))) }))
    }

    /// What is stored. `binding` says whose code and for what (an id and a purpose), so that no stored value serves
    /// another.
    package static func stored(_ code: Secret, binding: String, key: HMACKey) -> [UInt8] {
        key.sign(CanonicalText.bytes([("code", code.expose()), ("for", binding)]))
    }

    package static func matches(_ code: Secret, binding: String, stored: [UInt8], key: HMACKey) -> Bool {
        ConstantTime.equal(Self.stored(code, binding: binding, key: key), stored)
    }
}

/// A random word of 256 bits that stands for something kept in a table: refresh tokens, reset links, calendar links.
/// Only its SHA-256 is stored, which suffices for a value that nobody can guess.
package struct OpaqueToken: Sendable {
    /// 43 characters of base64url.
    package let text: Secret
    /// 32 bytes.
    package let stored: [UInt8]

    package static func make() -> OpaqueToken {
        let text = Base64URL.encode(Random.bytes(32))
        return OpaqueToken(text: Secret(text), stored: Digest.sha256(text))
    }

    /// What a presented token would be stored as; nil when it cannot be one, so that no query is made for it.
    package static func stored(for text: String) -> [UInt8]? {
        guard text.utf8.count == 43, Base64URL.decode(text)?.count == 32 else { return nil }
        return Digest.sha256(text)
    }
}
