import API
import Lifecycle
import Messaging

/// Publishes the events that a service records.
enum Relaying {
    static func services(_ parts: ServiceParts) -> [any Service] {
        OutboxServices.make(
            source: parts.name.rawValue, database: parts.database, redis: parts.redis, group: parts.group,
            channels: parts.channels, clock: parts.clock, metrics: parts.metrics)
    }
}
