import API
package import Chassis
import Events
import Net
import Settings

extension Composition {
    /// Identity in a process of its own.
    package static func service(_ dependencies: ServiceDependencies) async throws -> ComposedService {
        var reader = SettingsReader(dependencies.environment)
        let settings = try IdentitySettings(&reader)
        let pool = BlockingPool(name: "passwords", threads: dependencies.group.loops.count, queue: 512)
        let composition = try await Composition(
            Dependencies(
                database: dependencies.database, unit: dependencies.unit, ledger: dependencies.ledger,
                clock: dependencies.clock, metrics: dependencies.metrics, sealer: dependencies.sealer, pool: pool,
                registrations: RegistryRegistrations(dependencies.calls), trails: ServiceTrails(dependencies.calls),
                directory: ServicesDirectory(dependencies.calls)),
            settings)
        if dependencies.settings.isProduction, let refusal = try await composition.operators.demoRefusal() {
            throw StartFault(refusal)
        }
        let consumer = dependencies.consumer(of: [.registry, .records], composition.handler)
        return ComposedService(
            routes: composition.routes, services: [consumer, composition.housekeeping, composition.mailRequests])
    }
}
