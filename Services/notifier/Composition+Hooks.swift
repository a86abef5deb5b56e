import API
import Chassis
import Jobs
import Kernel
import Lifecycle
import Postgres
import Web

/// Where the parts of webhooks are made and joined.
struct HookComposition: Sendable {
    let webhooks: Webhooks
    let sending: SendHooks
    let notes: NoteHookTries
    let queue: HookQueueStore

    init(_ parts: Composition.Dependencies, _ settings: NotifierSettings) {
        let secrets = HookSecrets(sealer: parts.sealer)
        queue = HookQueueStore(database: parts.database)
        webhooks = Webhooks(
            store: HookStore(database: parts.database), secrets: secrets,
            check: HookCheck(names: parts.names, allowsPrivate: settings.hooks.allowsPrivate), unit: parts.unit,
            audit: parts.audit, clock: parts.clock)
        notes = NoteHookTries(
            database: parts.database, queue: queue,
            notices: HookNotices(
                deliveries: DeliveryStore(database: parts.database), inbox: InboxStore(database: parts.database),
                live: LiveStore(database: parts.database), domain: settings.from.address.domain),
            clock: parts.clock)
        sending = SendHooks(
            queue: queue, notes: notes, secrets: secrets,
            sender: HTTPHookSender(
                names: parts.names, allowsPrivate: settings.hooks.allowsPrivate, authorities: settings.hooks.authorities
            ),
            allowsPrivate: settings.hooks.allowsPrivate, clock: parts.clock, metrics: parts.metrics)
    }

    /// What runs beside requests.
    func services(_ dependencies: ServiceDependencies) -> [any Service] {
        let warn = PeriodicJob(
            "warn of webhooks", every: .seconds(30),
            leader: .advisoryLock("warn of webhooks", of: dependencies.database), metrics: dependencies.metrics,
            draining: { [notes] in try await notes.warn() })
        let purge = PeriodicJob(
            "purge webhook deliveries", every: .seconds(3600),
            leader: .advisoryLock("webhook deliveries", of: dependencies.database), metrics: dependencies.metrics,
            draining: { [queue, clock = dependencies.clock] in
                try await queue.skipAbandoned(at: clock.now)
                return try await queue.purge(at: clock.now) == HookQueueStore.batch
            })
        return [sending, warn, purge]
    }

    func serve(in routes: inout Routes) {
        routes.serve(WebhooksAPI.create, webhooks.create)
        routes.serve(WebhooksAPI.list, webhooks.list)
        routes.serve(WebhooksAPI.show, webhooks.show)
        routes.serve(WebhooksAPI.change, webhooks.change)
        routes.serve(WebhooksAPI.delete, webhooks.delete)
        routes.serve(WebhooksAPI.rotate, webhooks.rotate)
        routes.serve(WebhooksAPI.test, webhooks.test)
        routes.serve(WebhooksAPI.replay, webhooks.replay)
        routes.serve(WebhooksAPI.deliveries, webhooks.deliveries)
        routes.serve(WebhooksAPI.redeliver, webhooks.redeliver)
    }
}
