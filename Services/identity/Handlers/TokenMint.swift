import API
import Crypto
package import IdentityDomain
package import Kernel

/// Makes tokens: signed access tokens that say who and until when, and refresh tokens that mean nothing but themselves.
package struct TokenMint: Sendable {
    package let ring: KeyRing
    let lifetimes: TokenLifetimes
    let issuer: String
    let audience: String
    let asksAdminsForFactor: Bool
    let forcesPasswordChange: Bool
    let clock: any WallClock

    package init(
        ring: KeyRing, lifetimes: TokenLifetimes, issuer: String, audience: String, asksAdminsForFactor: Bool,
        forcesPasswordChange: Bool, clock: any WallClock
    ) {
        self.ring = ring
        self.lifetimes = lifetimes
        self.issuer = issuer
        self.audience = audience
        self.asksAdminsForFactor = asksAdminsForFactor
        self.forcesPasswordChange = forcesPasswordChange
        self.clock = clock
    }

    /// - Parameters:
    ///   - hasFactor: whether the account has a second factor; without one some may only set one up.
    ///   - hasGeneratedPassword: whether the owner never chose the password.
    func access(
        _ caller: Caller, hasFactor: Bool, hasGeneratedPassword: Bool, at now: Instant
    ) throws -> String {
        let claims = AccessClaims(
            account: caller.account, session: caller.session, role: caller.role, tenant: caller.tenant,
            isEnrolling: mustEnrol(caller.role, hasFactor: hasFactor),
            mustChangePassword: mustChangePassword(hasGeneratedPassword), issuedAt: now,
            expiresAt: now + lifetimes.access)
        return try TokenIssuer(issuer: issuer, audience: audience, key: try ring.signer()).sign(claims)
    }

    func mustEnrol(_ role: Role, hasFactor: Bool) -> Bool {
        FactorRules.mustEnrol(role, hasFactor: hasFactor, isRequiredOfAdmins: asksAdminsForFactor)
    }

    func mustChangePassword(_ hasGeneratedPassword: Bool) -> Bool { forcesPasswordChange && hasGeneratedPassword }

    /// 256 bits, with a prefix by which scanners of code and logs know it for a secret.
    func refresh() -> String { "prxr_" + Base64URL.encode(Random.bytes(32)) }

    /// What a refresh token is kept as.
    static func hash(_ token: Secret) -> [UInt8] { Digest.sha256(token.expose()) }

    /// The answer a token was exchanged for, readable only with that token: whoever steals the table has no tokens.
    static func seal(_ answer: TokensView, for token: Secret) throws -> [UInt8] {
        try key(of: token).seal("\(answer.access) \(answer.refresh)", authenticating: associatedData)
    }

    static func open(_ sealed: [UInt8], with token: Secret) throws -> TokensView {
        let parts = try key(of: token).openText(sealed, authenticating: associatedData).split(separator: " ")
        guard parts.count == 2 else { throw Problem.internalError }
        return TokensView(access: String(parts[0]), refresh: String(parts[1]))
    }

    private static func key(of token: Secret) throws -> DataKey {
        try DataKey(derivedFrom: Array(token.expose().utf8), for: "praxis refresh answer 1")
    }
    private static let associatedData = AssociatedData(table: "refresh_token", row: "self", column: "sealed_answer")
}
