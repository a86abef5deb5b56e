import API
import HTTP
import Observability
import Web

/// What stands at a path: an endpoint of a service, or of the gateway's own; with all of it that a request would else have to
/// look up.
final class Place: Sendable {
    enum Destination: Sendable {
        /// Nil when the service's address is not known here.
        case service(Forward.Way?)
        case own(@Sendable (Request, RequestContext) async -> Response)
    }

    let destination: Destination
    let declaration: Declaration
    let isOpen: Bool
    /// How its owner is asked, where that is a service that is known here.
    let way: Forward.Way?
    let meter: RouteMeter

    init(_ declaration: Declaration, _ destination: Destination, _ metrics: Metrics) {
        (self.declaration, self.destination) = (declaration, destination)
        way = if case .service(let way) = destination { way } else { nil }
        isOpen = declaration.access == .anyone
        meter = RouteMeter(metrics, route: declaration.path.description, method: declaration.verb.rawValue)
    }
}
