import JSON

/// A set of public keys (RFC 7517): what identity publishes, and what every verifier chooses from by id.
package struct JWKS: Sendable, Equatable {
    /// More than so many keys are no rotation any more. A document beyond it is refused.
    static let limit = 32

    package let keys: [VerifyingKey]

    package init(_ keys: [VerifyingKey]) {
        self.keys = keys
    }

    package subscript(id: String) -> VerifyingKey? { keys.first { $0.id == id } }

    /// The document, with no member of a private key in it.
    package var json: [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.array("keys") {
                for key in keys {
                    $0.object {
                        $0.field("kty", "EC")
                        $0.field("use", "sig")
                        $0.field("alg", "ES256")
                        $0.field("crv", "P-256")
                        $0.field("kid", key.id)
                        $0.field("x", Base64URL.encode(key.x))
                        $0.field("y", Base64URL.encode(key.y))
                    }
                }
            }
        }
        return writer.bytes
    }

    /// Reads a document. Keys of other kinds or uses are left out; a key of ours that is broken, two under one id, or a
    /// private one published by mistake make the whole document refused.
    package init(json: [UInt8]) throws(CryptoFault) {
        guard let document = try? JSONReader.read(json), let members = document["keys"]?.array,
            members.count <= Self.limit
        else { throw CryptoFault("not a key set") }
        var keys: [VerifyingKey] = []
        for member in members {
            guard let key = try Self.key(member) else { continue }
            guard !keys.contains(where: { $0.id == key.id }) else { throw CryptoFault("two keys of one id") }
            keys.append(key)
        }
        self.keys = keys
    }

    private static func key(_ member: JSONValue) throws(CryptoFault) -> VerifyingKey? {
        guard member["kty"]?.string == "EC", member["crv"]?.string == "P-256",
            member["use"] == nil || member["use"]?.string == "sig",
            member["alg"] == nil || member["alg"]?.string == "ES256",
            member["key_ops"] == nil || member["key_ops"]?.array?.contains("verify") == true
        else { return nil }
        guard member["d"] == nil else { throw CryptoFault("a private key in a key set") }
        guard let id = member["kid"]?.string, !id.isEmpty, id.utf8.count <= 128,
            let x = member["x"]?.string.flatMap({ Base64URL.decode($0) }),
            let y = member["y"]?.string.flatMap({ Base64URL.decode($0) })
        else { throw CryptoFault("a broken key in a key set") }
        return try VerifyingKey(x: x, y: y, id: id)
    }
}
