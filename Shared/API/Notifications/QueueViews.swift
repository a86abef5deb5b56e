package import Kernel

/// The deliveries and events that wait, at one moment.
package struct QueuesView: View {
    package let deliveries: [DeliveryQueueView]
    package let webhooks: WebhookQueueView
    package let events: [EventQueueView]

    package init(deliveries: [DeliveryQueueView], webhooks: WebhookQueueView, events: [EventQueueView]) {
        self.deliveries = deliveries
        self.webhooks = webhooks
        self.events = events
    }

    package static let shape = Shape<QueuesView>(
        "Queues", .views("deliveries") { $0.deliveries }, .view("webhooks") { $0.webhooks },
        .views("events") { $0.events })
}

/// The messages of one channel.
package struct DeliveryQueueView: View {
    package let channel: DeliveryChannel
    /// Those not over; `inFlight` and `retrying` are among them.
    package let waiting: Int
    /// Being tried right now.
    package let inFlight: Int
    /// Tried before, without success.
    package let retrying: Int
    /// Since when the oldest of them waits.
    package let oldest: Instant?
    package let oldestSeconds: Int
    /// Messages tried in the last minute.
    package let triedLastMinute: Int
    package let sentLastHour: Int
    /// Refused or given up in the last hour.
    package let failedLastHour: Int
    /// Refused for good, and not sent again since.
    package let failed: Int
    /// Given up after the last try, and not sent again since.
    package let dead: Int

    package init(
        channel: DeliveryChannel, waiting: Int = 0, inFlight: Int = 0, retrying: Int = 0, oldest: Instant? = nil,
        oldestSeconds: Int = 0, triedLastMinute: Int = 0, sentLastHour: Int = 0, failedLastHour: Int = 0,
        failed: Int = 0, dead: Int = 0
    ) {
        self.channel = channel
        self.waiting = waiting
        self.inFlight = inFlight
        self.retrying = retrying
        self.oldest = oldest
        self.oldestSeconds = oldestSeconds
        self.triedLastMinute = triedLastMinute
        self.sentLastHour = sentLastHour
        self.failedLastHour = failedLastHour
        self.failed = failed
        self.dead = dead
    }

    package static let shape = Shape<DeliveryQueueView>(
        "DeliveryQueue", .choice("channel", DeliveryChannel.allCases.map(\.rawValue)) { $0.channel.rawValue },
        .integer("waiting") { $0.waiting }, .integer("in_flight") { $0.inFlight }, .integer("retrying") { $0.retrying },
        .maybeInstant("oldest_waiting_at") { $0.oldest }, .integer("oldest_waiting_seconds") { $0.oldestSeconds },
        .integer("tried_last_minute") { $0.triedLastMinute }, .integer("sent_last_hour") { $0.sentLastHour },
        .integer("failed_last_hour") { $0.failedLastHour }, .integer("failed") { $0.failed },
        .integer("dead") { $0.dead })
}

/// How far another service's events were consumed.
package struct EventQueueView: View {
    package let source: String
    /// Events not yet given to anybody; null while Redis cannot be asked.
    package let behind: Int?
    /// Events given out and not finished; null while Redis cannot be asked.
    package let pending: Int?
    /// Events that Redis had lost and was sent again, as far as it remembers; null while it cannot be asked.
    package let repaired: Int?
    /// Events given up; `praxis events dead notifier` says why.
    package let deadLetters: Int

    package init(source: String, behind: Int?, pending: Int?, repaired: Int?, deadLetters: Int) {
        self.source = source
        self.behind = behind
        self.pending = pending
        self.repaired = repaired
        self.deadLetters = deadLetters
    }

    package static let shape = Shape<EventQueueView>(
        "EventQueue", .text("source") { $0.source }, .maybeInteger("behind") { $0.behind },
        .maybeInteger("pending") { $0.pending }, .maybeInteger("repaired") { $0.repaired },
        .integer("dead_letters") { $0.deadLetters })
}
