package import Lifecycle
package import Web

/// What a service's composition gives back: its endpoints joined to handlers, what else runs, what readiness asks.
package struct ComposedService: Sendable {
    package let routes: Routes
    /// Started in this order before the server, stopped in reverse after it.
    package let services: [any Service]
    package let probes: [Probe]

    package init(routes: Routes, services: [any Service] = [], probes: [Probe] = []) {
        self.routes = routes
        self.services = services
        self.probes = probes
    }
}

/// Why a probe failed, in words that `/readyz?verbose` tells.
package struct ProbeFault: Error {
    let reason: String

    package init(_ reason: String) { self.reason = reason }
}

/// One thing `/readyz` asks about.
package struct Probe: Sendable {
    /// Whether the service can work without it.
    package enum Weight: Sendable { case required, degrading }

    package let name: String
    package let weight: Weight
    /// Throws when it does not answer; a `ProbeFault` where there is more to say.
    package let check: @Sendable () async throws -> Void

    package init(_ name: String, _ weight: Weight = .required, check: @escaping @Sendable () async throws -> Void) {
        self.name = name
        self.weight = weight
        self.check = check
    }
}
