package import Events
package import Kernel
import NotifierDomain
package import Postgres

/// Keeps the messages that follow from an event, for mail, text, inbox, streams and hooks, in the transaction that
/// notes the event as handled.
package struct OnEvent: Sendable {
    let deliveries: DeliveryStore
    let inbox: InboxStore
    let preferences: PreferenceStore
    let live: LiveStore
    let hooks: PostEvents
    let audience: KeepAudience
    let ends: EndStreams
    let clock: any WallClock
    /// The right side of message ids: the sender's domain.
    let domain: String

    private static let answers = Dictionary(uniqueKeysWithValues: EventAnswer.all.map { ($0.event.name, $0) })
    private static let inboxes = Dictionary(uniqueKeysWithValues: InboxAnswer.all.map { ($0.event.name, $0) })
    private static let streams = Dictionary(uniqueKeysWithValues: LiveAnswer.all.map { ($0.event.name, $0) })

    package init(
        deliveries: DeliveryStore, inbox: InboxStore, preferences: PreferenceStore, live: LiveStore,
        hooks: PostEvents, audience: KeepAudience, ends: EndStreams, clock: any WallClock, domain: String
    ) {
        self.deliveries = deliveries
        self.inbox = inbox
        self.preferences = preferences
        self.live = live
        self.hooks = hooks
        self.audience = audience
        self.ends = ends
        self.clock = clock
        self.domain = domain
    }

    /// Whether somebody may have to be told of an event of that name.
    package static func hears(_ type: String) -> Bool {
        answers[type].map { $0.silence == nil } ?? false || inboxes[type].map { $0.silence == nil } ?? false
            || streams[type].map { $0.silence == nil } ?? false || KeepAudience.hears.contains(type)
            || EndStreams.hears.contains(type) || PostEvents.hears(type)
    }

    package func react(_ envelope: EventEnvelope, in tx: Transaction) async throws {
        let now = clock.now
        try await tx.speak(as: .service)
        try await message(envelope, at: now, in: tx)
        try await audience.react(envelope, in: tx)
        try await ends.react(envelope, at: now, in: tx)
        try await hooks.react(envelope, in: tx)
        try await tell(envelope, at: now, in: tx)
    }

    /// What is sent, and what stands in inboxes.
    private func message(_ envelope: EventEnvelope, at now: Instant, in tx: Transaction) async throws {
        let planned = try Self.answers[envelope.type]?.plan(envelope) ?? []
        let messages = try Self.inboxes[envelope.type]?.plan(envelope) ?? []
        let recipients = Set(planned.map(\.recipient)).union(messages.map(\.recipient))
        guard !recipients.isEmpty else { return }
        let preferences = try await preferences.all(of: recipients, in: tx)
        for delivery in planned {
            let channels = (preferences[delivery.recipient] ?? .default).channels(of: delivery)
            try await keep(delivery, by: channels, of: envelope, in: tx)
        }
        for message in messages where (preferences[message.recipient] ?? .default).wants(message) {
            try await inbox.insert(message, of: envelope.id, id: .make(at: now), at: now, in: tx)
        }
    }

    /// Last in its transaction: the accounts' numbers are locked until it ends.
    private func tell(_ envelope: EventEnvelope, at now: Instant, in tx: Transaction) async throws {
        guard let answer = Self.streams[envelope.type] else { return }
        let hearers = try answer.hearers(envelope)
        if hearers.isEmpty { return }
        try await live.insert(OutsideEvent(envelope, type: answer.name), for: hearers, at: now, in: tx)
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
