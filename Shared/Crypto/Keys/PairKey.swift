package import Kernel

/// The key with which one process speaks to one other (architecture.md §3): derived from a master secret, different in
/// each direction. A process is given its own pairs alone, so that a compromised one cannot speak as another.
package struct PairKey: Sendable, CustomStringConvertible, CustomReflectable {
    package let from: String
    package let to: String
    private let key: HMACKey

    /// From a key that was issued: base64url of 32 bytes.
    package init(from: String, to: String, issued: Secret) throws(CryptoFault) {
        guard let bytes = Base64URL.decode(issued.expose()), bytes.count == 32 else {
            throw CryptoFault("a pair key is 32 bytes in base64url")
        }
        self.init(from: from, to: to, bytes: bytes)
    }

    /// The key of this pair, as `praxis keys issue` writes it, or as a single-machine set-up derives it at start.
    package static func derive(master: Secret, from: String, to: String) throws(CryptoFault) -> PairKey {
        PairKey(from: from, to: to, bytes: try bytes(master: master, from: from, to: to))
    }

    /// What is handed to the two processes of the pair.
    package static func issue(master: Secret, from: String, to: String) throws(CryptoFault) -> Secret {
        Secret(Base64URL.encode(try bytes(master: master, from: from, to: to)))
    }

    private init(from: String, to: String, bytes: [UInt8]) {
        (self.from, self.to, key) = (from, to, HMACKey(bytes))
    }

    private static func bytes(master: Secret, from: String, to: String) throws(CryptoFault) -> [UInt8] {
        guard master.expose().utf8.count >= 32 else { throw CryptoFault("a master secret has at least 32 bytes") }
        return try HKDF.derive(
            Array(master.expose().utf8), salt: Array("praxis pair key 1".utf8),
            info: CanonicalText.bytes([("from", from), ("to", to)]), count: 32)
    }

    func sign(_ message: [UInt8]) -> [UInt8] { key.sign(message) }

    package var description: String { "pair key \(from) to \(to)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The signature on a principal between processes. It is bound to the service and the request it is for, and lives 60
/// seconds.
package enum PrincipalSignature {
    package static let life: Duration = .seconds(60)
    /// How far the clocks of two processes may differ.
    package static let leeway: Duration = .seconds(5)

    /// base64url of the HMAC over the canonical text, both ends' names and the second it was signed at.
    package static func sign(_ canonical: String, at time: Instant, with key: PairKey) -> String {
        sign(Array(canonical.utf8), at: time, with: key)
    }

    package static func sign(_ canonical: [UInt8], at time: Instant, with key: PairKey) -> String {
        Base64URL.encode(key.sign(message(canonical, time, key)))
    }

    /// Whether this is the pair's signature of this text, signed within the last minute.
    package static func verify(
        _ signature: String, for canonical: String, signedAt time: Instant, now: Instant, with key: PairKey
    ) -> Bool {
        verify(signature, for: Array(canonical.utf8), signedAt: time, now: now, with: key)
    }

    package static func verify(
        _ signature: String, for canonical: [UInt8], signedAt time: Instant, now: Instant, with key: PairKey
    ) -> Bool {
        guard time <= now + leeway, now <= time + life, let bytes = Base64URL.decode(signature) else { return false }
        return ConstantTime.equal(key.sign(message(canonical, time, key)), bytes)
    }

    private static func message(_ canonical: [UInt8], _ time: Instant, _ key: PairKey) -> [UInt8] {
        CanonicalText.bytes(
            [("from", key.from), ("to", key.to), ("at", String(time.seconds))], last: "text", canonical)
    }
}
