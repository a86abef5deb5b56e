package import Kernel

/// The private half of an ES256 key (ECDSA on P-256 with SHA-256, RFC 7518 §3.4).
package struct SigningKey: Sendable, CustomStringConvertible, CustomReflectable {
    private let key: ECKey
    /// The public half, under the same id.
    package let verifying: VerifyingKey

    package var id: String { verifying.id }

    /// A new key; its id is its thumbprint (RFC 7638).
    package static func generate() throws(CryptoFault) -> SigningKey {
        guard let key = ECKey.generate() else { throw CryptoFault("a key could not be made") }
        return try SigningKey(key, id: nil)
    }

    /// From PKCS#8 or SEC 1 PEM, unencrypted. Anything that is no sound P-256 key is refused.
    package init(pem: Secret, id: String? = nil) throws(CryptoFault) {
        guard let key = ECKey.read(pem: pem.expose(), isPrivate: true) else {
            throw CryptoFault("not a private P-256 key in PEM")
        }
        try self.init(key, id: id)
    }

    private init(_ key: ECKey, id: String?) throws(CryptoFault) {
        self.key = key
        guard let half = ECKey.make(x: try key.number(.x), y: try key.number(.y)) else {
            throw CryptoFault("a key has no public half")
        }
        verifying = try VerifyingKey(half, id: id)
    }

    /// PKCS#8, to be sealed before it is kept.
    package func pem() throws(CryptoFault) -> Secret { Secret(try key.pem(isPrivate: true)) }

    /// The signature as r and s, 32 bytes each.
    package func sign(_ message: [UInt8]) throws(CryptoFault) -> [UInt8] { try key.sign(message) }

    package var description: String { "signing key \(id)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The public half of an ES256 key.
package struct VerifyingKey: Sendable, Equatable {
    private let key: ECKey
    /// What tokens name it by.
    package let id: String
    /// The affine coordinates, 32 bytes each.
    package let x: [UInt8]
    package let y: [UInt8]

    /// From SubjectPublicKeyInfo PEM; the id is the thumbprint where none is given.
    package init(pem: String, id: String? = nil) throws(CryptoFault) {
        guard let key = ECKey.read(pem: pem, isPrivate: false) else { throw CryptoFault("not a P-256 key in PEM") }
        try self.init(key, id: id)
    }

    /// From coordinates; refused when the point is not on the curve.
    package init(x: [UInt8], y: [UInt8], id: String? = nil) throws(CryptoFault) {
        guard let key = ECKey.make(x: x, y: y) else { throw CryptoFault("not a point of P-256") }
        try self.init(key, id: id)
    }

    init(_ key: ECKey, id: String?) throws(CryptoFault) {
        self.key = key
        x = try key.number(.x)
        y = try key.number(.y)
        self.id = id ?? Self.thumbprint(x: x, y: y)
    }

    package func pem() throws(CryptoFault) -> String { try key.pem(isPrivate: false) }

    /// Whether these 64 bytes (r, s) sign the message; any other length is false.
    package func verify(_ signature: [UInt8], for message: [UInt8]) -> Bool { key.verify(signature, for: message) }

    package static func == (left: Self, right: Self) -> Bool {
        (left.id, left.x, left.y) == (right.id, right.x, right.y)
    }

    /// RFC 7638: SHA-256 of the required members in lexical order.
    private static func thumbprint(x: [UInt8], y: [UInt8]) -> String {
        let members = #"{"crv":"P-256","kty":"EC","x":"\#(Base64URL.encode(x))","y":"\#(Base64URL.encode(y))"}"#
        return Base64URL.encode(Digest.sha256(members))
    }
}
