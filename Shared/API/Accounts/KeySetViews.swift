import Forms
import JSON

/// A public key as RFC 7517 writes it: ES256, P-256.
package struct PublicKeyView: View {
    package let keyID: String
    /// The coordinates, base64url without padding.
    package let x: String
    package let y: String

    package init(keyID: String, x: String, y: String) {
        self.keyID = keyID
        self.x = x
        self.y = y
    }

    package static let shape = Shape<PublicKeyView>(
        "PublicKey", .text("kty") { _ in "EC" }, .text("crv") { _ in "P-256" }, .text("alg") { _ in "ES256" },
        .text("use") { _ in "sig" }, .text("kid") { $0.keyID }, .text("x") { $0.x }, .text("y") { $0.y })
}

/// The keys access tokens are signed with now, were, and soon will be.
package struct KeySetView: View {
    package let keys: [PublicKeyView]

    package init(keys: [PublicKeyView]) { self.keys = keys }

    package static let shape = Shape<KeySetView>("KeySet", .views("keys") { $0.keys })
}

/// OpenID Connect Discovery 1.0 §3, as far as it is true of us.
package struct DiscoveryView: View {
    package let issuer: String

    package init(issuer: String) { self.issuer = issuer }

    package static let shape = Shape<DiscoveryView>(
        "Discovery", .text("issuer") { $0.issuer },
        .text("jwks_uri") { "\($0.issuer)/.well-known/jwks.json" },
        .text("token_endpoint") { "\($0.issuer)/api/token" },
        .words("grant_types_supported", ["password", "refresh_token"]),
        .words("response_types_supported", ["token"]), .words("subject_types_supported", ["public"]),
        .words("id_token_signing_alg_values_supported", ["ES256"]),
        .words("token_endpoint_auth_methods_supported", ["none"]))
}

extension ViewField {
    fileprivate static func words(_ name: StaticString, _ words: [String]) -> ViewField {
        ViewField(name, .array(of: .string)) { _, json in
            json.array { json in
                for word in words { json.string(word) }
            }
        }
    }
}
