import Chassis
import Web

/// Where records's parts are made and joined. It has no endpoints yet: it starts, migrates, answers for its health.
struct Composition: Sendable {
    init(_ parts: ServiceParts) {}

    var assembled: Assembled { Assembled(routes: Routes()) }
}
