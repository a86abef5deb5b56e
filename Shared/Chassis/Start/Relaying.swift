import API
import Lifecycle
import Messaging

/// What brings a service's facts to the others: a listener that hears of new ones, the relay it wakes, and upkeep.
enum Relaying {
    static func services(_ parts: ServiceParts) -> [any Service] {
        Dispatch.services(
            source: parts.name.rawValue, database: parts.database, redis: parts.redis, group: parts.group,
            channels: parts.channels, clock: parts.clock, metrics: parts.metrics)
    }
}
