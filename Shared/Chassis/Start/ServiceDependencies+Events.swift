import API
package import Events
import Lifecycle
package import Messaging
package import Postgres

extension ServiceDependencies {
    /// Brings the events of other services: each is reacted to once, in the transaction of what it changes.
    /// - Parameters:
    ///   - sources: the services whose events are heard.
    ///   - hears: whether an event of that name may change anything here.
    package func consumer(
        of sources: [EventSource], hears: @escaping @Sendable (_ type: String) -> Bool,
        react: @escaping @Sendable (EventEnvelope, Transaction) async throws -> Void
    ) -> Consumer {
        consumer(of: sources, EventHandler(consumer: name.rawValue, database: database, hears: hears, effect: react))
    }

    /// The same for a service that is also handed events.
    package func consumer(of sources: [EventSource], _ handler: EventHandler) -> Consumer {
        Consumer(
            handler, of: sources.map(\.name), redis: redis, group: group, channels: channels, metrics: metrics)
    }

    /// What publishes the events that this service records.
    var outboxServices: [any Service] {
        OutboxServices.make(
            source: name.rawValue, database: database, redis: redis, channels: channels, wakeSignal: recorded,
            clock: clock, metrics: metrics)
    }
}
