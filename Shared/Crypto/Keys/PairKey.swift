package import Kernel

/// The key with which one process speaks to one other (architecture.md §3): derived from a master secret, different in
/// each direction. A process is given its own pairs alone, so that a compromised one cannot speak as another.
package struct PairKey: Sendable, CustomStringConvertible, CustomReflectable {
    package let from: String
    package let to: String
    private let key: SHA256Key

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
        self.from = from
        self.to = to
        key = SHA256Key(bytes)
    }

    private static func bytes(master: Secret, from: String, to: String) throws(CryptoFault) -> [UInt8] {
        guard master.expose().utf8.count >= 32 else { throw CryptoFault("a master secret has at least 32 bytes") }
        return try HKDF.derive(
            Array(master.expose().utf8), salt: Array("praxis pair key 1".utf8),
            info: CanonicalText.bytes([("from", from), ("to", to)]), count: 32)
    }

    /// The HMAC-SHA256 of the message: 32 bytes.
    package func sign(_ message: [UInt8]) -> [UInt8] {
        let signature = key.sign(message.span)
        return signature.indices.map { signature[$0] }
    }

    /// The same of a message where it lies, without memory of its own.
    package func sign(_ message: Span<UInt8>) -> SIMD32<UInt8> { key.sign(message) }

    package var description: String { "pair key \(from) to \(to)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
