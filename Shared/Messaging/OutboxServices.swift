package import Jobs
package import Kernel
package import Lifecycle
package import Observability
package import Postgres
package import Redis

/// The background services of a process that publishes events.
package enum OutboxServices {
    /// The relay and the housekeeping of outbox and stream.
    /// - Parameter wakeSignal: signalled after each commit of this process that wrote an event.
    package static func make(
        source: String, database: Database, redis: RedisClient, channels: Channels = Channels(),
        wakeSignal: WakeSignal, clock: any WallClock, metrics: Metrics
    ) -> [any Service] {
        [
            Relay(
                source: source, database: database, redis: redis, channels: channels, wakeSignal: wakeSignal,
                metrics: metrics),
            MessagingHousekeeping(
                source: source, database: database, redis: redis, channels: channels, clock: clock,
                metrics: metrics),
        ]
    }
}
