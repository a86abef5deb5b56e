package import API
package import GatewayDomain
package import HTTP
package import Kernel
import Net
package import Observability
package import Web

/// One request at the gateway: what is known of it before anyone has looked at its route, and what was counted of it.
/// It belongs to the task that answers the request.
package final class RequestContext: @unchecked Sendable {
    package let requestID: String
    package let client: NetworkAddress
    package let host: String
    /// The page's origin, where a browser names one.
    package let pageOrigin: String?
    package let isSecure: Bool
    package let trace: TraceContext
    package let now: Instant
    private let accept: String?
    /// The class and what its rule said, once the request was counted.
    var counted: (rateClass: RateClass, verdict: RateVerdict)?
    var meter: RouteMeter?

    package convenience init(_ request: Request, clients: ClientAddress, at now: Instant) {
        self.init(
            request, clients: clients, requestID: RequestContext.requestID(request.headers["x-request-id"]),
            trace: .incoming(request), at: now)
    }

    /// A request that the fast path has begun: ids and counts that were already sent stay as they are.
    convenience init(_ request: Request, clients: ClientAddress, begun: FastPathRequest) {
        self.init(request, clients: clients, requestID: begun.requestID, trace: begun.trace, at: begun.now)
        counted = begun.counted
        meter = begun.route?.meter
    }

    private init(
        _ request: Request, clients: ClientAddress, requestID: String, trace: TraceContext, at now: Instant
    ) {
        self.requestID = requestID
        self.trace = trace
        let peer = request.remote.flatMap { NetworkAddress($0) } ?? RequestContext.loopback
        let bytes = request.headers.bytes
        let source = RequestSource(
            request.head, in: bytes.span, from: peer, isSecure: request.isSecure, isProxied: clients.isTrusted(peer),
            clients)
        client = source.client
        isSecure = source.isSecure
        host = source.host.text(in: bytes.span) ?? ""
        pageOrigin = source.pageOrigin
        accept = request.headers["accept"]
        self.now = now
    }

    /// `https://host` as the client called it.
    package var origin: String { RequestSource.origin(isSecure: isSecure, host: host) }

    package var profile: Profile { MediaType.profile(accepting: accept) ?? .enveloped }

    package func answer(_ problem: Problem, allowed: [Verb] = []) -> Response {
        ProblemAnswer(problem, profile: profile, requestID: requestID, origin: origin, allowed: allowed).response
    }

    /// The client's own id, if it is sane, or a new one.
    static func requestID(_ given: String?) -> String {
        given.flatMap { RequestID.isSane($0) ? $0 : nil } ?? RequestID.make()
    }

    // Over a unix socket there is no address: only this machine can reach it.
    static let loopback = NetworkAddress(high: 0, low: 0xFFFF_7F00_0001)
}

extension NetworkAddress {
    /// A socket's address, without its text; nil for a unix socket.
    init?(_ address: SocketAddress) {
        switch address {
        case .ipv4(let bits, _): self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(bits))
        case .ipv6(let high, let low, _, _): self.init(high: high, low: low)
        case .unix: return nil
        }
    }
}

extension RequestContext {
    /// What the gateway answers itself, written by the encoder every service uses.
    func response(_ answer: some Answer, of declaration: Declaration) -> Response {
        answer.answered.response(of: declaration, in: profile, baseURL: origin, target: declaration.path.description)
    }
}
