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
    private let cache: LoopLocal<KnownTokens>

    package init(
        verifier: TokenVerifier, keys: KeySet, revoked: RevokedSessions, group: EventLoopGroup, capacity: Int = 20_000
    ) {
        (self.verifier, self.keys, self.revoked) = (verifier, keys, revoked)
        cache = LoopLocal(group) { KnownTokens(capacity: capacity) }
    }

    /// What is known without verifying anything; nil for a token that must be.
    package func known(_ request: Request, at now: Instant) -> Finding? {
        let (count, field) = request.headers.count("authorization")
        guard let field else { return .nobody }
        let bytes = request.headers.bytes
        guard count == 1, let token = Self.bearer(field, in: bytes.span) else { return .refused }
        guard let caller = cache.with({ $0.caller(token, in: bytes.span, at: now) }) ?? nil else { return nil }
        return revoked.isRevoked(caller.session) ? .refused : .caller(caller)
    }

    /// Verifies the request's token and remembers it.
    package func verify(_ request: Request, at now: Instant) async -> Finding {
        let bytes = request.headers.bytes
        guard let field = request.headers.count("authorization").first,
            let place = Self.bearer(field, in: bytes.span), let token = Slice(place).text(in: bytes.span),
            let id = JWT.unverifiedKeyID(token)
        else { return .refused }
        let keys = await keys.keys(knowing: id)
        if keys.keys.isEmpty { return .unknown }
        guard let claims = try? verifier.verify(token, keys: keys, now: now) else { return .refused }
        cache.with { $0.insert(place, in: bytes.span, claims.caller, until: claims.expiresAt) }
        return revoked.isRevoked(claims.session) ? .refused : .caller(claims.caller)
    }

    /// Where the token stands behind `Bearer`, in any case, and one blank (RFC 6750 §2.1).
    private static func bearer(_ field: Slice, in bytes: Span<UInt8>) -> Range<Int>? {
        let range = field.range
        guard range.count > 7, Self.scheme.matches(bytes, range.lowerBound..<range.lowerBound + 6) else { return nil }
        let token = range.lowerBound + 7..<range.upperBound
        return bytes[token.lowerBound - 1] == 0x20 ? token : nil
    }

    private static let scheme: HeaderName = "bearer"
}
