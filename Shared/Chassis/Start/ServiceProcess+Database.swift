package import API
import Audit
import HTTP
import Kernel
import Lifecycle
import Net
package import Postgres
import Redis
package import Sealing
package import Settings
import Web

/// The life of a service with tables, from its first instruction to its last.
extension ServiceProcess {
    package typealias Compose = @Sendable (ServiceDependencies) async throws -> ComposedService

    /// Reads the settings, waits for the database and migrates it, serves, and returns never: the process ends with 0
    /// after it was asked to stop, with 78 when its settings are not usable, with 1 when it cannot start.
    /// - Parameters:
    ///   - wrappedKeys: what the service keeps under master keys, for `keys rotate --master`.
    ///   - checking: reads the service's own settings, so that their faults are told with all others, at once.
    package static func run(
        _ name: ServiceName, migrations: [Migration], wrappedKeys: [WrappedKeys],
        checking: @escaping @Sendable (inout SettingsReader) throws(SettingsFaults) -> Void = { _ in },
        compose: @escaping Compose
    ) async {
        await StartCommand.obey(
            Array(CommandLine.arguments.dropFirst()), name, migrations: migrations, wrappedKeys: wrappedKeys)
        await ServiceProcess.run(
            name,
            reading: { reader in
                let store = StoreSettings(name.rawValue, from: &reader)
                do throws(SettingsFaults) { try checking(&reader) } catch { reader.note(error) }
                return store
            },
            compose: { process, store in try await content(process, store, migrations, compose) })
    }

    private static func content(
        _ process: ServiceProcess, _ store: StoreSettings, _ migrations: [Migration], _ compose: Compose
    ) async throws -> ServiceProcess.Content {
        let migrator = StartupMigrator(
            settings: store.databaseSettings(process.name.rawValue), migrations: migrations,
            migrates: store.migratesOnStart, shutdown: process.shutdown,
            waiting: process.waiting)
        try await migrator.migrate()
        let dependencies = try await ServiceDependencies(process, store)
        let service = try await compose(dependencies)
        let own: [any Service] =
            [
                dependencies.database, dependencies.redis, dependencies.calls.refresh(),
                dependencies.idempotency.cleanup(in: dependencies.database, dependencies.metrics), dependencies.sealing,
            ] + dependencies.outboxServices
        let probes = probes(dependencies) + service.probes
        var routes = service.routes
        routes.serve(OperationAPI.condition(of: process.name)) { _, _ in Bare(await ConditionView(of: probes)) }
        if process.name != .identity { routes.serve(AuditAPI.trail(of: process.name), dependencies.trail.show) }
        let server = try server(process, routes, dependencies.secret)
        return ServiceProcess.Content(services: own + service.services + [server], probes: probes)
    }

    private static func server(_ process: ServiceProcess, _ routes: Routes, _ secret: Secret) throws -> HTTPServer {
        try Completeness.check(routes, of: process.name)
        let handler = try ServiceHandler(
            process.name, routes: routes,
            verifier: PrincipalVerifier(process.name, keys: process.settings.keys, clock: process.clock),
            cursors: CursorSigner(secret: secret),
            metrics: process.metrics, explain: Explanations.problem)
        var limits = HTTPLimits()
        // What runs is finished within most of the grace; the rest is for what stops after the server.
        limits.drain = process.settings.grace * 4 / 5
        limits.head = .behindGateway
        // The gateway, which knows its client, gives up first: on a body that does not come, on an answer that is taken
        // slowly. A sender of ours that closes its half waits no longer.
        limits.bodyIdle = .seconds(15)
        limits.writeIdle = .seconds(90)
        limits.halfCloseGrace = .zero
        // Behind the gateway: many requests of many people come from one address.
        // More than the streams of events that several gateways bring.
        limits.connections.connections = 25_000
        limits.connections.perAddress = limits.connections.connections
        limits.connections.onRefusal = { [refused = process.refused] in refused.note($0) }
        limits.bodyBytes = routes.all.map(\.declaration.bodyLimit).max() ?? limits.bodyBytes
        return HTTPServer(
            try ListenAddress.read(process.settings.bind, process.settings.port), group: process.group, limits: limits,
            refusal: ProblemAnswer.refusal, handler: { await handler.answer($0) })
    }

    private static func probes(_ dependencies: ServiceDependencies) -> [Probe] {
        [
            Probe("database") {
                do { try await dependencies.database.ping() } catch {
                    throw dependencies.database.fault.map { ProbeFault($0.description) } ?? error
                }
            },
            .redis(dependencies.redis),
        ]
    }
}
