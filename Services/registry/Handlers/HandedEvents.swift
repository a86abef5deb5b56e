package import API
import Chassis
import Events
import Kernel
import Messaging
package import Web

/// Events that identity hands over before it answers whoever caused them. What is done about them here is done once:
/// when the stream brings them, nothing is left.
package struct HandedEvents: Sendable {
    let handler: EventHandler

    package func take(_ input: HandedEvent, _ call: Call) async throws -> Done {
        let envelope = try EventEnvelope(json: input.envelope)
        guard envelope.source == EventSource.identity.name else {
            throw Problem.field("source", "Must be \(EventSource.identity.name).")
        }
        try await handler.handle(envelope)
        return Done()
    }
}
