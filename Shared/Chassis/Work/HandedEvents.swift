package import API
package import Events
import Kernel
package import Messaging
package import Web

/// Events that another service hands over before it answers whoever caused them. What is done about them here is done
/// once: when the stream brings them, nothing is left.
package struct HandedEvents: Sendable {
    private let handler: EventHandler
    private let teller: EventSource

    /// - Parameter teller: the service whose events these are.
    package init(handler: EventHandler, of teller: EventSource) {
        self.handler = handler
        self.teller = teller
    }

    package func take(_ input: HandedEvent, _ call: Call) async throws -> Done {
        let envelope = try EventEnvelope(json: input.envelope)
        guard envelope.source == teller.name else { throw Problem.field("source", "Must be \(teller.name).") }
        try await handler.handle(envelope)
        return Done()
    }
}
