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
        let bytes = request.headers.bytes
        var token: KnownTokens.Entry?
        return known(request.head.fields, in: bytes.span, at: now, by: tokens, &token)
    }

    /// What the calling loop knows; nil on none of them.
    var tokens: KnownTokens? { cache.with { $0 } }

    /// The same of a request's fields where they lie. `last` is looked at first: what the same client showed before.
    func known(
        _ fields: [HeaderField], in bytes: Span<UInt8>, at now: Instant, by tokens: KnownTokens?,
        _ last: inout KnownTokens.Entry?
    ) -> Finding? {
        let (count, field) = fields.count("authorization", in: bytes)
        guard let field else { return .nobody }
        guard count == 1, let token = Self.bearer(field, in: bytes) else { return .refused }
        if let last, last.isGood(token, in: bytes, at: now) { return finding(last.caller) }
        guard let entry = tokens?.entry(token, in: bytes, at: now) else { return nil }
        last = entry
        return finding(entry.caller)
    }

    private func finding(_ caller: Caller) -> Finding {
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
