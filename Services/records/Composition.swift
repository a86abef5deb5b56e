import Chassis
import Web

/// Where records's parts are made and joined. It has no endpoints yet: it starts, migrates, answers for its health.
struct Composition: Sendable {
    /// Records in a process of its own.
    static func service(_ dependencies: ServiceDependencies) -> ComposedService { ComposedService(routes: Routes()) }
}
