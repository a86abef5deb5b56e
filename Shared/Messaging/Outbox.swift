// Messaging: how events get from one service to others. Outbox writes them in the transaction of the state change,
// Relay moves them to a Redis Stream, Consumer delivers each once to an EventHandler. The events are declared in
// Events; their effects are in the services.

package import Events
import JSON
package import Jobs
package import Kernel
package import Postgres

/// The transactional outbox: a service writes its events inside the transaction of the state change.
package struct Outbox: Sendable {
    private let source: String
    private let clock: any WallClock
    private let wakeSignal: WakeSignal
    private let handOver: HandOver?

    /// Hands an event to a service that keeps a copy of what it tells; returns when that service has made its effect,
    /// or will have it by the stream alone.
    package typealias HandOver = @Sendable (EventEnvelope, _ keeper: String) async -> Void

    /// An event of another service: it would go to the stream of the one that wrote it.
    package struct ForeignEvent: Error, Equatable, CustomStringConvertible {
        let name: String
        let source: String
        package var description: String { "\(name) is not declared by \(source)" }
    }

    /// - Parameters:
    ///   - source: the service whose outbox it is: `identity`.
    ///   - wakeSignal: of this process's relay; without it the events leave when a relay looks by its timer.
    ///   - handOver: nil where copies need no more than the stream: in a command.
    package init(
        source: String, clock: any WallClock, wakeSignal: WakeSignal = WakeSignal(), handOver: HandOver? = nil
    ) {
        self.source = source
        self.clock = clock
        self.wakeSignal = wakeSignal
        self.handOver = handOver
    }

    /// Writes the event, with its origin's trace. It is published after the commit, and never without one. Who keeps a
    /// copy of what it tells is handed it before the call that made the transaction returns.
    /// - Throws: `ForeignEvent` for an event that another service declares.
    @discardableResult
    package func record(_ event: Event, from origin: Origin, in tx: Transaction) async throws -> ID<EventRecord> {
        guard event.source == source else { throw ForeignEvent(name: event.name, source: source) }
        let now = clock.now
        let envelope = EventEnvelope(event, id: .make(at: now), at: now, traceparent: origin.traceparent)
        tx.send(
            """
            insert into outbox (event_id, type, subject, envelope)
            values (\(envelope.id), \(envelope.type), \(envelope.subject), \(JSONText(envelope.json.bytes)))
            """)
        tx.afterCommit { [wakeSignal] in wakeSignal.signal() }
        if let handOver {
            for keeper in event.copiedBy { tx.afterCommit { await handOver(envelope, keeper) } }
        }
        return envelope.id
    }
}
