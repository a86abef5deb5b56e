import JSON
package import Kernel

/// Issues access tokens: identity alone has one of these.
package struct TokenIssuer: Sendable {
    private let issuer: String
    private let audience: String
    private let key: SigningKey

    package init(issuer: String, audience: String, key: SigningKey) {
        self.issuer = issuer
        self.audience = audience
        self.key = key
    }

    package func sign(_ claims: AccessClaims) throws(CryptoFault) -> String {
        try CompactJWS.sign(claims.payload(issuer: issuer, audience: audience), type: JWT.accessType, with: key)
    }
}

/// Verifies access tokens (RFC 8725, RFC 9068): the algorithm is ES256 whatever the token says, the key is one of ours,
/// and every claim is required. Purely computes: it fetches nothing, and knows no session that was revoked.
package struct TokenVerifier: Sendable {
    /// How far clocks may differ.
    package static let leeway: Duration = .seconds(30)

    private let issuer: String
    private let audience: String

    package init(issuer: String, audience: String) {
        self.issuer = issuer
        self.audience = audience
    }

    package func verify(_ token: String, keys: JWKS, now: Instant) throws(TokenRefusal) -> AccessClaims {
        let bytes = try CompactJWS.open(token, type: JWT.accessType, keys: keys)
        guard let payload = try? JSONReader.read(bytes, limits: .token), payload.object != nil else { throw .malformed }
        guard payload["iss"]?.string == issuer else { throw .issuer }
        guard Self.names(payload["aud"], audience) else { throw .audience }
        let claims = try AccessClaims(payload)
        guard let notBefore = AccessClaims.time(payload["nbf"]) else { throw .claims }
        guard now < claims.expiresAt + Self.leeway else { throw .expired }
        guard notBefore <= now + Self.leeway, claims.issuedAt <= now + Self.leeway else { throw .notYetValid }
        guard claims.issuedAt < claims.expiresAt else { throw .claims }
        return claims
    }

    /// One audience or a list of them (RFC 7519 §4.1.3); a list with anything but strings in it is refused.
    private static func names(_ claim: JSONValue?, _ audience: String) -> Bool {
        guard let list = claim?.array else { return claim?.string == audience }
        let texts = list.compactMap(\.string)
        return texts.count == list.count && texts.contains(audience)
    }
}

/// Words that issuer, verifier and gateway share.
package enum JWT {
    /// RFC 9068 §2.1.
    package static let accessType = "at+jwt"

    /// The key id a token names, unverified: only to decide whether a newer key set should be fetched before refusing.
    package static func unverifiedKeyID(_ token: String) -> String? {
        guard token.utf8.count <= CompactJWS.limit, let dot = token.firstIndex(of: "."),
            let header = Base64URL.decode(token[..<dot]), let object = try? JSONReader.read(header, limits: .token)
        else { return nil }
        return object["kid"]?.string
    }

    /// What a cache of verified tokens is keyed by: SHA-256 of the whole token, signature included.
    package static func cacheKey(_ token: String) -> [UInt8] { Digest.sha256(token) }
}
