import API
import Lifecycle
import Messaging
import Net
import Postgres

/// What brings a service's facts to the others: a listener that hears of new ones, the relay it wakes, and upkeep.
enum Relaying {
    static func services(_ parts: ServiceParts) -> [any Service] {
        let name = parts.name.rawValue
        let nudge = Nudge()
        let listener = DatabaseListener(
            parts.database.settings, channels: ["outbox_\(name)"], on: parts.group.any(), hear: { _ in nudge.nudge() })
        let relay = Relay(
            source: name, database: parts.database, redis: parts.redis, channels: parts.channels, nudge: nudge,
            metrics: parts.metrics)
        let upkeep = MessagingHousekeeping(
            source: name, database: parts.database, redis: parts.redis, channels: parts.channels, clock: parts.clock)
        return [listener, relay, upkeep]
    }
}
