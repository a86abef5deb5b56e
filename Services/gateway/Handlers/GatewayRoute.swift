import API
import HTTP
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

    init(_ declaration: Declaration, _ destination: Destination, _ metrics: Metrics) {
        self.declaration = declaration
        self.destination = destination
        upstream = if case .service(let upstream) = destination { upstream } else { nil }
        isOpen = declaration.access == .anyone
        meter = RouteMeter(metrics, route: declaration.path.description, method: declaration.verb.rawValue)
    }
}
