package import Crypto
import GatewayDomain
package import HTTP
package import Kernel
package import Net

/// Who asks: the bearer token is verified once and then known, by the whole of it, until it expires.
package struct Identification: Sendable {
    package enum Finding: Sendable, Equatable {
        case nobody
        case caller(Caller)
        /// There is a token, and it is not good.
        case refused
        /// It cannot be judged now: no keys were ever had.
        case unknown
    }

    private let verifier: TokenVerifier
    private let keys: KeySet
    private let revoked: RevokedSessions
    private let clock: any WallClock
    private let cache: LoopLocal<BoundedCache<String, (Caller, Instant)>>

    package init(
        verifier: TokenVerifier, keys: KeySet, revoked: RevokedSessions, clock: any WallClock, group: EventLoopGroup,
        capacity: Int = 20_000
    ) {
        (self.verifier, self.keys, self.revoked, self.clock) = (verifier, keys, revoked, clock)
        cache = LoopLocal(group) { BoundedCache(capacity: capacity) }
    }

    package func identify(_ request: Request) async -> Finding {
        let fields = request.headers.values("authorization")
        guard let field = fields.first else { return .nobody }
        guard fields.count == 1, let token = Self.bearer(field) else { return .refused }
        let now = clock.now
        if let (caller, expires) = cache.with({ $0.value(token) }) ?? nil, now < expires {
            return revoked.isRevoked(caller.session) ? .refused : .caller(caller)
        }
        return await verify(token, now: now)
    }

    private func verify(_ token: String, now: Instant) async -> Finding {
        guard let id = JWT.unverifiedKeyID(token) else { return .refused }
        let keys = await keys.keys(knowing: id)
        if keys.keys.isEmpty { return .unknown }
        guard let claims = try? verifier.verify(token, keys: keys, now: now) else { return .refused }
        cache.with { $0.insert((claims.caller, claims.expiresAt), for: token) }
        return revoked.isRevoked(claims.session) ? .refused : .caller(claims.caller)
    }

    /// `Bearer`, in any case, one blank, and the token (RFC 6750 §2.1).
    private static func bearer(_ field: String) -> String? {
        let parts = field.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bearer", !parts[1].isEmpty else { return nil }
        return String(parts[1])
    }
}
