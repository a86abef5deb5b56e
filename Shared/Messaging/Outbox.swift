// Messaging: how facts travel. Outbox keeps them in the transaction of the state they tell of, Relay moves them to
// Redis, Consumer brings them to reactions once each. What the facts are stands in Events; what is done about them, in
// services.

package import Events
import JSON
package import Kernel
package import Postgres

/// Where a service writes its facts, inside the transaction that made them true.
package struct Outbox: Sendable {
    private let source: String
    private let clock: any WallClock

    /// An event of another service: it would go to the stream of the one that wrote it.
    package struct ForeignEvent: Error, Equatable, CustomStringConvertible {
        let name: String
        let source: String
        package var description: String { "\(name) is not told by \(source)" }
    }

    /// - Parameter source: the service whose outbox it is: `identity`.
    package init(source: String, clock: any WallClock) {
        self.source = source
        self.clock = clock
    }

    /// Keeps the fact, in its origin's trace. It is told to others after the commit, and never if there is none.
    /// - Throws: `ForeignEvent` for an event that another service declares.
    @discardableResult
    package func record(_ event: Event, from origin: Origin, in tx: Transaction) async throws -> ID<EventRecord> {
        guard event.source == source else { throw ForeignEvent(name: event.name, source: source) }
        let now = clock.now
        let envelope = EventEnvelope(event, id: .make(at: now), at: now, traceparent: origin.traceparent)
        try await tx.run(
            """
            insert into outbox (event_id, type, subject, envelope)
            values (\(envelope.id), \(envelope.type), \(envelope.subject), \(JSONText(envelope.json.bytes)))
            """)
        return envelope.id
    }
}
