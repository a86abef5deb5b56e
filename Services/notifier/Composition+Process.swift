import API
package import Chassis
import Events
import Jobs
import Kernel
import Lifecycle
import Net
import Postgres
import Settings

extension Composition {
    /// Notifier in a process of its own.
    package static func service(_ dependencies: ServiceDependencies) throws -> ComposedService {
        var reader = SettingsReader(dependencies.environment)
        let settings = try NotifierSettings(&reader)
        let identity = IdentityContent(dependencies.calls)
        let composition = try Composition(
            Dependencies(
                database: dependencies.database, group: dependencies.group, clock: dependencies.clock,
                metrics: dependencies.metrics, contacts: identity,
                contents: ContentSources(
                    identity: identity, registry: RegistryContent(dependencies.calls),
                    scheduling: SchedulingContent(dependencies.calls), records: RecordsContent(dependencies.calls)),
                unit: dependencies.unit, audit: dependencies.audit, secret: dependencies.secret,
                streams: RedisStreams(
                    EventSource.all.map(\.name), of: dependencies.name.rawValue, redis: dependencies.redis,
                    channels: dependencies.channels),
                sealer: dependencies.sealer, names: SystemHookNames(on: dependencies.group.any()),
                isDevelopment: !dependencies.settings.isProduction),
            settings)
        let consumer = dependencies.consumer(
            of: EventSource.all, hears: OnEvent.hears,
            react: { [reaction = composition.reaction] in try await reaction.react($0, in: $1) })
        let (inboxes, deliveries, clock) = (composition.inboxes, composition.deliveries, dependencies.clock)
        let purge = PeriodicJob(
            "purge inboxes and deliveries", every: .seconds(3600),
            leader: .advisoryLock("inboxes", of: dependencies.database), metrics: dependencies.metrics,
            draining: {
                let messages = try await inboxes.purge(at: clock.now) == InboxStore.batch
                return try await deliveries.purge(at: clock.now) == DeliveryStore.purgeBatch || messages
            })
        let forget = PeriodicJob(
            "purge live events", every: .seconds(600), leader: .advisoryLock("live events", of: dependencies.database),
            metrics: dependencies.metrics,
            draining: { [live = composition.live, tickets = composition.tickets, clock = dependencies.clock] in
                try await tickets.purge(at: clock.now)
                return try await live.purge(at: clock.now) == LiveStore.batch
            })
        let streams = composition.streams
        let listener = DatabaseListener(
            dependencies.database.settings, channels: streams.channels, on: dependencies.group.any(),
            gate: dependencies.database.gate, onEvent: streams.hear)
        dependencies.shutdown.onRequest { streams.drain(within: dependencies.settings.grace / 4) }
        return ComposedService(
            routes: composition.routes,
            services: composition.sending + composition.hooks.services(dependencies) + [
                composition.measures, purge, forget, consumer, listener,
            ])
    }
}
