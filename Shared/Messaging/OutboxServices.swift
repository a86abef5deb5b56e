import Jobs
package import Kernel
package import Lifecycle
package import Net
package import Observability
package import Postgres
package import Redis

/// The background services of a process that publishes events.
package enum OutboxServices {
    /// The listener for `NOTIFY`, the relay it wakes, and the housekeeping of outbox and stream; in the order they
    /// start.
    package static func make(
        source: String, database: Database, redis: RedisClient, group: EventLoopGroup, channels: Channels = Channels(),
        clock: any WallClock, metrics: Metrics
    ) -> [any Service] {
        let wakeSignal = WakeSignal()
        let listening = ListenerSwitch()
        let settings = database.settings
        return [
            DatabaseListener(
                settings, channels: ["outbox_\(settings.schema)"], on: group.any(), gate: database.gate,
                isWanted: listening, onEvent: { _ in wakeSignal.signal() }),
            Relay(
                source: source, database: database, redis: redis, channels: channels, wakeSignal: wakeSignal,
                listening: listening, metrics: metrics),
            MessagingHousekeeping(
                source: source, database: database, redis: redis, channels: channels, clock: clock,
                metrics: metrics),
        ]
    }
}
