// Chassis: what every service stands on. It reads the common settings, brings the schema up to date, opens the database
// and Redis, serves the declared endpoints beside health and metrics, and stops in order. What a service does with all
// that stands in its own Composition.

package import API
package import Crypto
package import Kernel
package import Messaging
package import Net
package import Observability
package import Postgres
package import Redis
package import Settings

/// What a service's composition is given; everything in it lives as long as the process.
package struct ServiceParts: Sendable {
    package let name: ServiceName
    package let environment: Environment
    package let settings: CommonSettings
    package let clock: any WallClock
    package let group: EventLoopGroup
    package let metrics: Metrics
    package let database: Database
    package let redis: RedisClient
    package let unit: UnitOfWork
    package let outbox: Outbox
    /// The names facts travel under in Redis: for consumers.
    package let channels: Channels
    package let audit: AuditLog
    /// This service's own trail, as administrators read it.
    package let trail: AuditTrail
    /// Asks other services, as this one and in the caller's name.
    package let calls: InternalClient
    /// Wraps the keys of what is kept sealed: `DATA_ENCRYPTION_KEY`.
    package let sealer: Sealer
    /// `SECRET_KEY`: signs cursors and links, keys blind indexes.
    package let secret: Secret

    /// Opens the keys of the audit chain, and makes those that are not there yet.
    init(_ frame: Frame, _ store: StoreSettings) async throws {
        (name, environment, settings) = (frame.name, frame.environment, frame.settings)
        (clock, group, metrics) = (frame.clock, frame.group, frame.metrics)
        (sealer, secret) = (store.sealer, store.secret)
        database = Database(store.databaseSettings(frame.name.rawValue), group: frame.group, metrics: frame.metrics)
        guard let place = RedisSettings(frame.settings.redis) else { throw StartFault("REDIS_URL is not usable") }
        redis = RedisClient(place, group: frame.group, metrics: frame.metrics)
        answers = try KeptAnswers(clock: frame.clock, sealer: store.sealer, secret: store.secret)
        unit = UnitOfWork(database: database, answers: answers)
        outbox = Outbox(clock: frame.clock)
        channels = Channels()
        calls = try InternalClient(frame)
        let keys = try await AuditKeys.open(
            database, sealer: store.sealer, service: frame.name.rawValue, at: frame.clock.now)
        audit = AuditLog(clock: frame.clock, sealer: store.sealer, keys: keys)
        trail = AuditTrail(database, audit, of: frame.name)
        sealing = AuditSealer(
            database: database, keys: keys, file: HeadFile(folder: store.audit.folder, service: frame.name.rawValue),
            interval: store.audit.interval, clock: frame.clock, metrics: frame.metrics)
    }

    let answers: KeptAnswers
    let sealing: AuditSealer
}
