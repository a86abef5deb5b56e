import API
import HTTP
import Lifecycle
import Observability
import Web

/// One route of the table made at the start: a service's endpoint or one of the gateway's own, with all that a request
/// would else have to look up.
final class GatewayRoute: Sendable {
    enum Destination: Sendable {
        /// Nil when the service's address is not known here.
        case service(UpstreamService?)
        case own(@Sendable (Request, RequestContext) async -> Response)
    }

    let destination: Destination
    let declaration: Declaration
    let isOpen: Bool
    /// How its owner is asked, where that is a service that is known here.
    let upstream: UpstreamService?
    let meter: RouteMeter
    /// Whether the fast path may take it: files and streams are passed on part by part, by a task.
    let isPlain: Bool
    /// How long a plain request of it may take, in nanoseconds.
    let timeout: Int64

    /// - Parameter timeout: how long a request may take whose endpoint says nothing of it.
    init(_ declaration: Declaration, _ destination: Destination, timeout: Duration, _ metrics: Metrics) {
        self.declaration = declaration
        self.destination = destination
        upstream = if case .service(let upstream) = destination { upstream } else { nil }
        isOpen = declaration.access == .anyone
        isPlain = declaration.answer.form != .download && declaration.answer.form != .events
        self.timeout = (declaration.timeLimit.duration(default: timeout) ?? timeout).wholeNanoseconds
        meter = RouteMeter(metrics, route: declaration.path.description, method: declaration.verb.rawValue)
    }

    /// Whether the request shows a ticket in place of a token: its owner knows whose that is.
    func takesTicket(of request: Request) -> Bool {
        guard declaration.access == .ticketHolders, let query = try? request.query() else { return false }
        return query.contains { $0.name == "ticket" && !$0.value.isEmpty }
    }

    /// Lets the body of one of its requests be as large, and take as long to arrive, as its endpoint says.
    func allow(_ body: RequestBody) {
        body.allow(upTo: declaration.bodyLimit, within: declaration.timeLimit.bodyTime)
    }
}
