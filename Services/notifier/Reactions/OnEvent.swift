package import Events
package import Kernel
import NotifierDomain
package import Postgres

/// Keeps the messages that follow from an event, for mail, text and inbox, in the transaction that notes the event as
/// handled.
package struct OnEvent: Sendable {
    let deliveries: DeliveryStore
    let inbox: InboxStore
    let preferences: PreferenceStore
    let clock: any WallClock
    /// The right side of message ids: the sender's domain.
    let domain: String

    private static let answers = Dictionary(uniqueKeysWithValues: EventAnswer.all.map { ($0.event.name, $0) })
    private static let inboxes = Dictionary(uniqueKeysWithValues: InboxAnswer.all.map { ($0.event.name, $0) })

    package init(
        deliveries: DeliveryStore, inbox: InboxStore, preferences: PreferenceStore, clock: any WallClock, domain: String
    ) {
        self.deliveries = deliveries
        self.inbox = inbox
        self.preferences = preferences
        self.clock = clock
        self.domain = domain
    }

    /// Whether somebody may have to be told of an event of that name.
    package static func hears(_ type: String) -> Bool {
        answers[type].map { $0.silence == nil } ?? false || inboxes[type].map { $0.silence == nil } ?? false
    }

    package func react(_ envelope: EventEnvelope, in tx: Transaction) async throws {
        let planned = try Self.answers[envelope.type]?.plan(envelope) ?? []
        let messages = try Self.inboxes[envelope.type]?.plan(envelope) ?? []
        let recipients = Set(planned.map(\.recipient)).union(messages.map(\.recipient))
        guard !recipients.isEmpty else { return }
        try await tx.speak(as: .service)
        let preferences = try await preferences.all(of: recipients, in: tx)
        for delivery in planned {
            let channels = (preferences[delivery.recipient] ?? .default).channels(of: delivery)
            try await keep(delivery, by: channels, of: envelope, in: tx)
        }
        for message in messages where (preferences[message.recipient] ?? .default).wants(message) {
            let now = clock.now
            try await inbox.insert(message, of: envelope.id, id: .make(at: now), at: now, in: tx)
        }
    }

    /// Nothing where there is no channel.
    private func keep(
        _ planned: PlannedDelivery, by channels: [MessageChannel], of envelope: EventEnvelope, in tx: Transaction
    ) async throws {
        guard let channel = channels.first else { return }
        let now = clock.now
        let id = ID<Delivery>.make(at: now)
        try await deliveries.insert(
            planned, by: channel, then: Array(channels.dropFirst()), of: envelope.id, id: id,
            messageID: "<\(id)@\(domain)>", traceparent: envelope.traceparent, occurred: min(envelope.time, now),
            at: now, in: tx)
    }
}
