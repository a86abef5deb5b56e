import Kernel

/// Tokens as other systems expect them: bare in both profiles.
package enum TokensAPI {
    static let declarations: [Declaration] = [
        obtain.declaration, refresh.declaration, keySet.declaration, discovery.declaration, revocations.declaration,
    ]

    package static let obtain = Endpoint(
        .post, "/api/token", "obtainToken", of: .identity, for: .anyone,
        takes: ObtainToken.self, gives: Bare<BearerTokensView>.self, says: "Login successful.",
        summary: "Log in by username; the tokens alone", tag: "Tokens",
        refuses: [.invalidCredentials, .otpRequired, .otpInvalid, .accountInactive, .rateLimited, .serviceUnavailable],
        rate: .login)

    package static let refresh = Endpoint(
        .post, "/api/token/refresh", "refreshToken", of: .identity, for: .anyone,
        takes: RefreshToken.self, gives: Bare<BearerTokensView>.self, says: "Token refreshed successfully.",
        summary: "Exchange a refresh token; the tokens alone", tag: "Tokens", refuses: [.invalidToken])

    package static let keySet = Endpoint(
        .get, "/.well-known/jwks.json", "keySet", of: .identity, for: .anyone,
        gives: Bare<KeySetView>.self, says: "", summary: "The public keys access tokens are signed with", tag: "Tokens",
        rate: .unlimited, cachedFor: 300)

    package static let discovery = Endpoint(
        .get, "/.well-known/openid-configuration", "discovery", of: .identity, for: .anyone,
        gives: Bare<DiscoveryView>.self, says: "", summary: "Where tokens and keys are found", tag: "Tokens",
        rate: .unlimited, cachedFor: 300)

    /// Asked by a gateway that starts or reconnects; what happens later it receives as events.
    package static let revocations = Endpoint(
        .get, "/internal/revocations", "revocations", of: .identity, for: .services([.gateway]),
        gives: Bare<RevocationsView>.self, says: "",
        summary: "Sessions that ended while access tokens of them may still live", tag: "Internal", rate: .unlimited)
}
