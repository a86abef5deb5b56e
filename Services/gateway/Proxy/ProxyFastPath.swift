import API
import Chassis
package import GatewayDomain
package import HTTP
import Kernel
import Lifecycle
import Net
import Observability
import Redis
import Web

/// The gateway's fast path (docs/adr/0025): a plain request of a known caller is counted, sent to its owner and
/// answered, each within a turn of the loop. It applies the handler's own rules, and leaves to it what needs a wait or
/// a refusal.
package final class ProxyFastPath: FastPath, RateListener, @unchecked Sendable {
    private let handler: GatewayHandler
    /// The other end of the connection, and whether that is a trusted proxy.
    private let peer: NetworkAddress
    private let isProxied: Bool
    private let isSecure: Bool
    private let loop: EventLoop
    private let tokens: TokenCache?
    private let local: LocalRedis?

    package var onReply: (() -> Void)?

    // The request being answered.
    private var begun = FastPathRequest()
    private var leased: ServiceInstances.LeaseOutcome?
    private var isAsking = false
    /// The task that has to finish it, while it waits for the verdict.
    private var finisher: CheckedContinuation<Void, Never>?

    // What a client says again with every request, and the words made of it.
    private var host = RepeatedField()
    private var agent = RepeatedField()
    private var named: Named?
    private var words: Principal.Words?
    private var token: TokenCache.Entry?

    package init(_ handler: GatewayHandler, _ connection: FastPathClient) {
        let peer = connection.remote.flatMap { NetworkAddress($0) } ?? RequestContext.loopback
        self.handler = handler
        self.peer = peer
        isProxied = handler.settings.clients.isTrusted(peer)
        isSecure = connection.isSecure
        loop = connection.loop
        tokens = handler.authenticator.tokens
        local = handler.counters.local
    }

    package func begin(_ head: RequestHead, in bytes: Span<UInt8>) -> FastPathStep {
        let source = RequestSource(
            head, in: bytes, from: peer, isSecure: isSecure, isProxied: isProxied, handler.settings.clients)
        guard let route = route(head, source.host, in: bytes), route.takes(head) else { return .declined }
        let now = handler.clock.now
        guard let outcome = handler.authenticator.known(head.fields, in: bytes, at: now, by: tokens, &token),
            route.admits(outcome)
        else {
            return .declined
        }
        let (rateClass, key) = GatewayHandler.account(
            route.declaration.rate, outcome.caller, isRefused: false, source.client)
        begun = FastPathRequest(
            requestID: RequestContext.requestID(head.value("x-request-id", in: bytes)?.text(in: bytes)),
            trace: .incoming(head.value("traceparent", in: bytes)?.text(in: bytes)), now: now, caller: outcome.caller,
            route: route, source: source, rateClass: rateClass, key: key, start: loop.now.nanoseconds)
        return count(head, in: bytes)
    }

    private func count(_ head: RequestHead, in bytes: Span<UInt8>) -> FastPathStep {
        isAsking = true
        switch handler.counters.count(begun.rateClass, of: begun.key, at: begun.now, over: local, self) {
        // It may have been heard already.
        case .asked: if isAsking { return .waiting }
        case .alone(let verdict): begun.verdict = verdict
        case .unlimited: break
        case .unconnected:
            isAsking = false
            return .declined
        }
        isAsking = false
        return proceed(head, in: bytes)
    }

    /// What Redis said of the request.
    package func hear(_ verdict: RateVerdict) {
        isAsking = false
        begun.verdict = verdict
        if let finisher = finisher.take() { finisher.resume() } else { onReply?() }
    }

    /// The request is counted: from here on it is either sent or finished by the handler.
    package func proceed(_ head: RequestHead, in bytes: Span<UInt8>) -> FastPathStep {
        if let verdict = begun.verdict, !verdict.isAllowed { return .begun }
        // A body is had whole before an instance is asked; for what is still to come the task waits.
        guard let route = begun.route, let upstream = route.upstream, let body = head.wholeBody(in: bytes) else {
            return .begun
        }
        begun.end = begun.start &+ route.timeout
        let leased = upstream.instances.lease(at: begun.now)
        let sent = send(head, body, in: bytes, leased, upstream.pairSigner)
        self.leased = leased
        return sent.map { .sent($0) } ?? .begun
    }

    private func send(
        _ head: RequestHead, _ body: Range<Int>, in bytes: Span<UInt8>, _ leased: ServiceInstances.LeaseOutcome,
        _ pairSigner: PrincipalSigner.PairSigner
    ) -> ClientConnection? {
        guard case .leased(let lease) = leased else { return nil }
        return lease.upstream.sendAtOnce(head, body: body, in: bytes, on: loop, until: begun.end) { headers in
            write(head, in: bytes, pairSigner, to: &headers)
        }
    }

    /// What stands at the request's path, if its host is ours.
    private func route(_ head: RequestHead, _ host: Slice, in bytes: Span<UInt8>) -> GatewayRoute? {
        guard handler.settings.hosts.allows(bytes.extracting(host.range)) else { return nil }
        if let path = head.plainPath(in: bytes) {
            return handler.tree.entry(head.method, bytes.extracting(path)).map { handler.routes[$0] }
        }
        // What is encoded is read as everywhere; what cannot be used, or names a host again, is for the task.
        guard let target = try? RequestTarget(head, in: bytes), target.form == .origin else { return nil }
        return handler.tree.entry(head.method, target.path.utf8.span).map { handler.routes[$0] }
    }

    /// The fields the owner is given.
    private func write(
        _ head: RequestHead, in bytes: Span<UInt8>, _ pairSigner: PrincipalSigner.PairSigner, to headers: inout Headers
    ) -> Bool {
        headers.forward(head.fields, in: bytes, without: Forward.stoppedOfRequests)
        guard
            pairSigner.sign(
                words(head, in: bytes), begun.requestID, at: begun.now, method: head.method.rawValue,
                target: bytes.extracting(head.target.range), into: &headers)
        else { return false }
        Forward.add(left: begun.end &- loop.now.nanoseconds, begun.trace, to: &headers)
        return true
    }

    /// The principal's words, made again where the client says something else than before.
    private func words(_ head: RequestHead, in bytes: Span<UInt8>) -> Principal.Words {
        let said = head.value("user-agent", in: bytes) ?? .empty
        let source = begun.source
        let now = Named(caller: begun.caller, client: source.client, isSecure: source.isSecure)
        let (isNewHost, isNewAgent) = (host.isNew(source.host, in: bytes), agent.isNew(said, in: bytes))
        if !isNewHost, !isNewAgent, named == now, let words { return words }
        let made = Principal.Words(
            caller: begun.caller, clientAddress: source.client.description,
            baseURL: RequestSource.origin(isSecure: source.isSecure, host: source.host.text(in: bytes) ?? ""),
            userAgent: Forward.userAgent(said.text(in: bytes)))
        words = made
        named = now
        return made
    }

    package func answer(_ head: ResponseHead, in bytes: Span<UInt8>, headers: inout Headers) {
        headers.forward(head.fields, in: bytes, without: Forward.stoppedOfAnswers)
        let hasPolicy = head.value("content-security-policy", in: bytes) != nil
        let owner = AnswerFields.Says(
            policy: hasPolicy, caching: head.value("cache-control", in: bytes) != nil,
            referrer: hasPolicy && head.value("referrer-policy", in: bytes) != nil)
        handler.fields.add(to: &headers, beside: owner, requestID: begun.requestID)
        handler.fields.add(
            to: &headers, isSecure: begun.source.isSecure, counted: begun.counted,
            pageOrigin: begun.source.pageOrigin)
        guard let route = begun.route else { return }
        if case .leased(let lease) = leased.take() { route.upstream?.instances.succeeded(lease, at: begun.now) }
        route.meter.observe(head.status, nanoseconds: loop.now.nanoseconds &- begun.start)
    }

    package func finish(_ request: Request, sent: ClientConnection?) async -> Response {
        if isAsking { await withCheckedContinuation { finisher = $0 } }
        return await handler.finish(request, begun, leased.take(), sent)
    }
}

/// A request as far as the fast path has brought it: what the handler reads when it has to finish it.
struct FastPathRequest: Sendable {
    var requestID = ""
    var trace = TraceContext.make()
    var now = Instant(microseconds: 0)
    var caller: Caller?
    var route: GatewayRoute?
    var source = RequestSource(client: RequestContext.loopback, isSecure: false, host: .empty, pageOrigin: nil)
    var rateClass = RateClass.unlimited
    var key = RateKey(RequestContext.loopback)
    /// What its count said; nil before that is known, and for a class without a limit.
    var verdict: RateVerdict?
    /// When it came, on the loop's clock.
    var start: Int64 = 0
    /// When an answer is no longer worth anything, on the loop's clock.
    var end: Int64 = 0

    var counted: (rateClass: RateClass, verdict: RateVerdict)? { verdict.map { (rateClass, $0) } }
}

/// In whose name a request is passed on, beside what its fields say.
private struct Named: Equatable {
    let caller: Caller?
    let client: NetworkAddress
    let isSecure: Bool
}

/// A field that a client repeats with every request, mostly with the same value.
private struct RepeatedField {
    private var known: [UInt8]?

    /// Whether the value differs from the last one.
    mutating func isNew(_ value: Slice, in bytes: Span<UInt8>) -> Bool {
        let range = value.range
        if let known, known.count == range.count {
            var offset = 0
            while offset < known.count, known[offset] == bytes[range.lowerBound &+ offset] { offset &+= 1 }
            if offset == known.count { return false }
        }
        known = range.map { bytes[$0] }
        return true
    }
}

extension GatewayRoute {
    /// Whether nothing is to be refused to whom was found. Who is let in as nobody, since their token opens nothing
    /// yet, is left to the task.
    fileprivate func admits(_ outcome: Authenticator.Outcome) -> Bool {
        isOpen && outcome.caller == nil || GatewayHandler.refusal(outcome, declaration) == nil
    }

    /// Whether such a request may be passed on, and answered, in one piece.
    fileprivate func takes(_ head: RequestHead) -> Bool {
        guard isPlain, upstream != nil else { return false }
        switch head.framing {
        case .none: return true
        case .length(let length): return length <= min(Forward.heldBytes, declaration.bodyLimit)
        case .chunked, .untilClose: return false
        }
    }
}
