package import Events
package import Kernel
import NotifierDomain
package import Postgres

/// Keeps the messages that follow from an event, for mail, text and inbox, in the transaction that notes the event as
/// handled.
package struct OnEvent: Sendable {
    let deliveries: DeliveryStore
    let inbox: InboxStore
    let clock: any WallClock
    /// The right side of message ids: the sender's domain.
    let domain: String

    private static let answers = Dictionary(uniqueKeysWithValues: EventAnswer.all.map { ($0.event.name, $0) })
    private static let inboxes = Dictionary(uniqueKeysWithValues: InboxAnswer.all.map { ($0.event.name, $0) })

    package init(deliveries: DeliveryStore, inbox: InboxStore, clock: any WallClock, domain: String) {
        self.deliveries = deliveries
        self.inbox = inbox
        self.clock = clock
        self.domain = domain
    }

    /// Whether somebody may have to be told of an event of that name.
    package static func hears(_ type: String) -> Bool {
        answers[type].map { $0.silence == nil } ?? false || inboxes[type].map { $0.silence == nil } ?? false
    }

    package func react(_ envelope: EventEnvelope, in tx: Transaction) async throws {
        let now = clock.now
        for planned in try Self.answers[envelope.type]?.plan(envelope) ?? [] {
            let id = ID<Delivery>.make(at: now)
            try await deliveries.insert(
                planned, of: envelope.id, id: id, messageID: "<\(id)@\(domain)>", traceparent: envelope.traceparent,
                occurred: min(envelope.time, now), at: now, in: tx)
        }
        let messages = try Self.inboxes[envelope.type]?.plan(envelope) ?? []
        guard !messages.isEmpty else { return }
        try await tx.speak(as: .service)
        for message in messages {
            try await inbox.insert(message, of: envelope.id, id: .make(at: now), at: now, in: tx)
        }
    }
}
