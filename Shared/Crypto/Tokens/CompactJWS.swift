import JSON

/// Why a token is refused. The words are for logs and counters; a caller gets the same answer whatever the
/// reason.
package enum TokenRefusal: String, Error, Sendable, Equatable {
    /// Not three canonical base64url parts of at most 2 KiB, or a header or payload that is no strict JSON object.
    case malformed
    /// `alg` is not ES256, or absent.
    case algorithm
    /// `typ` is not what is expected here.
    case type
    /// A header member that would make the verifier do something (`crit`, `jku`, `jwk`, `x5u`, `x5c`, `x5t`, `zip`,
    /// `b64` …).
    case header
    /// `kid` is absent or names no key of ours.
    case key
    case signature
    /// A claim is missing or of the wrong kind.
    case claims
    case issuer
    case audience
    case expired
    case notYetValid
}

/// A JWS in compact form (RFC 7515), ES256 only, with everything in a header refused that could steer the verifier (RFC
/// 8725).
package enum CompactJWS {
    /// Bytes of a whole token.
    static let limit = 2048

    package static func sign(
        _ payload: [UInt8], type: String, with key: SigningKey
    ) throws(CryptoFault) -> String {
        var header = JSONWriter(reserving: 128)
        header.object {
            $0.field("alg", "ES256")
            $0.field("typ", type)
            $0.field("kid", key.id)
        }
        let input = Base64URL.encode(header.bytes) + "." + Base64URL.encode(payload)
        return input + "." + Base64URL.encode(try key.sign(Array(input.utf8)))
    }

    /// The payload of a token signed by one of the keys. With `type` nil a token without `typ` is meant (RFC 7515's own
    /// vectors).
    package static func open(_ token: String, type: String?, keys: JWKS) throws(TokenRefusal) -> [UInt8] {
        guard token.utf8.count <= limit else { throw .malformed }
        let bytes = Array(token.utf8)
        let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2])
        else { throw .malformed }
        let key = try key(for: header, type: type, keys: keys)
        guard signature.count == 64, key.verify(signature, for: Array(bytes[..<parts[1].endIndex])) else {
            throw .signature
        }
        return payload
    }

    private static func key(for header: [UInt8], type: String?, keys: JWKS) throws(TokenRefusal) -> VerifyingKey {
        guard let members = (try? JSONReader.read(header, limits: .token))?.object else { throw .malformed }
        var (algorithm, kind, id): (String?, String?, String?)
        for member in members {
            switch member.key {
            case "alg": algorithm = member.value.string
            case "typ":
                guard let text = member.value.string else { throw .type }
                kind = text
            case "kid": id = member.value.string
            // Content type says nothing to us; every other member is one we would have to understand.
            case "cty": break
            default: throw .header
            }
        }
        guard algorithm == "ES256" else { throw .algorithm }
        guard matches(kind, type) else { throw .type }
        guard let id, let key = keys[id] else { throw .key }
        return key
    }

    /// RFC 7515 §4.1.9: media types compare without case, and `application/` may be left out.
    private static func matches(_ found: String?, _ expected: String?) -> Bool {
        guard let found else { return expected == nil }
        guard let expected else { return false }
        let short = found.lowercased()
        return short == expected || short == "application/" + expected
    }
}

extension JSONLimits {
    /// A token is small and flat.
    static let token = JSONLimits(depth: 4, nodesPerArray: 32, nodes: 64, stringBytes: 1024, bytes: CompactJWS.limit)
}
