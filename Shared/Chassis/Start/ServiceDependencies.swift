// Chassis: what every service stands on. It reads the common settings, brings the schema up to date, opens the database
// and Redis, serves the declared endpoints beside health and metrics, and stops in order. What a service does with all
// that stands in its own Composition.

package import API
package import Audit
package import Crypto
import Jobs
package import Kernel
package import Lifecycle
package import Messaging
package import Net
package import Observability
package import Postgres
package import Redis
package import Settings

/// What a service's composition is given; everything in it lives as long as the process.
package struct ServiceDependencies: Sendable {
    package let name: ServiceName
    package let environment: Environment
    package let settings: CommonSettings
    package let clock: any WallClock
    package let group: EventLoopGroup
    /// The process was asked to stop: told before the server takes no more.
    package let shutdown: Shutdown
    package let metrics: Metrics
    package let database: Database
    package let redis: RedisClient
    package let unit: UnitOfWork
    /// Writes events and lines of the audit trail.
    package let ledger: Ledger
    /// The names facts travel under in Redis: for consumers.
    package let channels: Channels
    package let audit: AuditLog
    /// This service's own trail, as administrators read it.
    package let trail: AuditTrail
    /// Asks other services, as this one and in the caller's name.
    package let calls: ServiceClient
    /// Wraps the keys of what is kept sealed: `DATA_ENCRYPTION_KEY`.
    package let sealer: Sealer
    /// `SECRET_KEY`: signs cursors and links, keys blind indexes.
    package let secret: Secret

    /// Opens the keys of the audit chain, and makes those that are not there yet.
    init(_ process: ServiceProcess, _ store: StoreSettings) async throws {
        name = process.name
        environment = process.environment
        settings = process.settings
        clock = process.clock
        group = process.group
        shutdown = process.shutdown
        metrics = process.metrics
        sealer = store.sealer
        secret = store.secret
        database = Database(
            store.databaseSettings(process.name.rawValue), group: process.group, metrics: process.metrics)
        guard let settings = RedisSettings(process.settings.redis) else { throw StartFault("REDIS_URL is not usable") }
        redis = RedisClient(settings, group: process.group, metrics: process.metrics)
        idempotency = try IdempotencyStore(clock: process.clock, sealer: store.sealer, secret: store.secret)
        unit = UnitOfWork(database: database, idempotency: idempotency)
        channels = Channels()
        calls = try ServiceClient(process)
        let keys = try await AuditKeys.open(
            database, sealer: store.sealer, service: process.name.rawValue, at: process.clock.now)
        audit = AuditLog(clock: process.clock, keys: keys, sealer: store.sealer)
        let handOver = EventHandOver(calls: calls)
        let outbox = Outbox(
            source: process.name.rawValue, clock: process.clock, wakeSignal: recorded, handOver: handOver.give)
        ledger = Ledger(outbox: outbox, audit: audit)
        trail = AuditTrail(database, audit, of: process.name)
        sealing = AuditSealer(
            database: database, keys: keys, file: store.audit.headFile(of: process.name.rawValue),
            interval: store.audit.interval, clock: process.clock, metrics: process.metrics)
    }

    let idempotency: IdempotencyStore
    let sealing: AuditSealer
    /// Signalled after each commit that wrote an event.
    let recorded = WakeSignal()
}
