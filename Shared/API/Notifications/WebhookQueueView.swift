package import Kernel

/// What is on its way to webhooks, of all owners together.
package struct WebhookQueueView: View, Equatable {
    /// Those not over; `inFlight` and `retrying` are among them.
    package let waiting: Int
    /// Being tried right now.
    package let inFlight: Int
    /// Tried before, without success.
    package let retrying: Int
    /// Since when the oldest of them waits: since it was made, or sent again and tried.
    package let oldest: Instant?
    package let oldestSeconds: Int
    /// Tried in the last minute.
    package let triedLastMinute: Int
    package let sentLastHour: Int
    /// Given up in the last hour.
    package let failedLastHour: Int
    /// Given up, and not sent again since, in the 30 days that deliveries are kept.
    package let failed: Int
    /// Webhooks that are on and whose latest tries all failed.
    package let failing: Int

    package init(
        waiting: Int, inFlight: Int, retrying: Int, oldest: Instant?, oldestSeconds: Int, triedLastMinute: Int,
        sentLastHour: Int, failedLastHour: Int, failed: Int, failing: Int
    ) {
        self.waiting = waiting
        self.inFlight = inFlight
        self.retrying = retrying
        self.oldest = oldest
        self.oldestSeconds = oldestSeconds
        self.triedLastMinute = triedLastMinute
        self.sentLastHour = sentLastHour
        self.failedLastHour = failedLastHour
        self.failed = failed
        self.failing = failing
    }

    package static let shape = Shape<WebhookQueueView>(
        "WebhookQueue", .integer("waiting") { $0.waiting }, .integer("in_flight") { $0.inFlight },
        .integer("retrying") { $0.retrying }, .maybeInstant("oldest_waiting_at") { $0.oldest },
        .integer("oldest_waiting_seconds") { $0.oldestSeconds }, .integer("tried_last_minute") { $0.triedLastMinute },
        .integer("sent_last_hour") { $0.sentLastHour }, .integer("failed_last_hour") { $0.failedLastHour },
        .integer("failed") { $0.failed }, .integer("failing_webhooks") { $0.failing })
}
