import Chassis
import Web

/// Where scheduling's parts are made and joined. It has no endpoints yet: it starts, migrates, answers for its health.
struct Composition: Sendable {
    /// Scheduling in a process of its own.
    static func service(_ dependencies: ServiceDependencies) -> ComposedService { ComposedService(routes: Routes()) }
}
