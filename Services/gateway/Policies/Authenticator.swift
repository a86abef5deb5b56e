package import Crypto
import GatewayDomain
package import HTTP
package import Kernel
package import Net

/// Finds out who asks: a bearer token is verified once and then known, by the whole of it, until it expires.
package struct Authenticator: Sendable {
    /// Who the caller is, or why that is not known.
    package enum Outcome: Sendable, Equatable {
        case anonymous
        case caller(Caller)
        case invalidToken
        /// No keys to verify it with were ever had.
        case unverifiable
    }

    private let verifier: TokenVerifier
    private let keys: KeySet
    private let revoked: RevokedSessions
    private let cache: LoopLocal<TokenCache>

    package init(
        verifier: TokenVerifier, keys: KeySet, revoked: RevokedSessions, group: EventLoopGroup, capacity: Int = 20_000
    ) {
        self.verifier = verifier
        self.keys = keys
        self.revoked = revoked
        cache = LoopLocal(group) { TokenCache(capacity: capacity) }
    }

    /// What is known without verifying anything; nil for a token that must be.
    package func known(_ request: Request, at now: Instant) -> Outcome? {
        let bytes = request.headers.bytes
        var token: TokenCache.Entry?
        return known(request.head.fields, in: bytes.span, at: now, by: tokens, &token)
    }

    /// What the calling loop knows; nil on none of them.
    var tokens: TokenCache? { cache.with { $0 } }

    /// The same of a request's fields where they lie. `last` is looked at first: what the same client showed before.
    func known(
        _ fields: [HeaderField], in bytes: Span<UInt8>, at now: Instant, by tokens: TokenCache?,
        _ last: inout TokenCache.Entry?
    ) -> Outcome? {
        let (count, field) = fields.count("authorization", in: bytes)
        guard let field else { return .anonymous }
        guard count == 1, let token = Self.bearer(field, in: bytes) else { return .invalidToken }
        if let last, last.isGood(token, in: bytes, at: now) { return outcome(last.caller) }
        guard let entry = tokens?.entry(token, in: bytes, at: now) else { return nil }
        last = entry
        return outcome(entry.caller)
    }

    private func outcome(_ caller: Caller) -> Outcome {
        revoked.isRevoked(caller.session) ? .invalidToken : .caller(caller)
    }

    /// Verifies the request's token and remembers it.
    package func verify(_ request: Request, at now: Instant) async -> Outcome {
        let bytes = request.headers.bytes
        guard let field = request.headers.count("authorization").first,
            let range = Self.bearer(field, in: bytes.span), let token = Slice(range).text(in: bytes.span),
            let id = JWT.unverifiedKeyID(token)
        else { return .invalidToken }
        let keys = await keys.keys(knowing: id)
        if keys.keys.isEmpty { return .unverifiable }
        guard let claims = try? verifier.verify(token, keys: keys, now: now) else { return .invalidToken }
        cache.with { $0.insert(range, in: bytes.span, claims.caller, until: claims.expiresAt) }
        return revoked.isRevoked(claims.session) ? .invalidToken : .caller(claims.caller)
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
