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
    private let cache: LoopLocal<BoundedCache<KnownToken, (Caller, Instant)>>

    package init(
        verifier: TokenVerifier, keys: KeySet, revoked: RevokedSessions, clock: any WallClock, group: EventLoopGroup,
        capacity: Int = 20_000
    ) {
        (self.verifier, self.keys, self.revoked, self.clock) = (verifier, keys, revoked, clock)
        cache = LoopLocal(group) { BoundedCache(capacity: capacity) }
    }

    package func identify(_ request: Request) async -> Finding {
        let (count, field) = request.headers.count("authorization")
        guard let field else { return .nobody }
        guard count == 1, let token = Self.bearer(field, in: request.headers.bytes.span) else { return .refused }
        let now = clock.now
        if let (caller, expires) = cache.with({ $0.value(KnownToken(text: token)) }) ?? nil, now < expires {
            return revoked.isRevoked(caller.session) ? .refused : .caller(caller)
        }
        return await verify(token, now: now)
    }

    private func verify(_ token: String, now: Instant) async -> Finding {
        guard let id = JWT.unverifiedKeyID(token) else { return .refused }
        let keys = await keys.keys(knowing: id)
        if keys.keys.isEmpty { return .unknown }
        guard let claims = try? verifier.verify(token, keys: keys, now: now) else { return .refused }
        cache.with { $0.insert((claims.caller, claims.expiresAt), for: KnownToken(text: token)) }
        return revoked.isRevoked(claims.session) ? .refused : .caller(claims.caller)
    }

    /// `Bearer`, in any case, one blank, and the token (RFC 6750 §2.1).
    private static func bearer(_ field: Slice, in bytes: Span<UInt8>) -> String? {
        let range = field.range
        guard range.count > 7, Self.scheme.matches(bytes, range.lowerBound..<range.lowerBound + 6) else { return nil }
        let token = range.lowerBound + 7..<range.upperBound
        guard bytes[token.lowerBound - 1] == 0x20 else { return nil }
        for place in token where bytes[place] == 0x20 { return nil }
        return Slice(token).text(in: bytes)
    }

    private static let scheme: HeaderName = "bearer"
}

/// A token as a key: equal only as a whole. Its end, a piece of the signature, is all that is hashed: only tokens that
/// were verified are ever kept, so nobody can make many with one end.
struct KnownToken: Hashable {
    let text: String

    func hash(into hasher: inout Hasher) {
        var end: UInt64 = 0
        for byte in text.utf8.suffix(12) { end = end &* 67 &+ UInt64(byte) }
        hasher.combine(end)
    }
}
