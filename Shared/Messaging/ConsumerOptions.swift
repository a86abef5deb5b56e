package import Lifecycle

/// Timeouts and retries of a consumer.
package struct ConsumerOptions: Sendable {
    /// Tries of one event before it becomes a dead letter.
    package let maxTries: Int
    /// Between the tries of one event, and while PostgreSQL or Redis is unavailable.
    package let backoff: Backoff
    /// How long a leader's lease lasts without renewal, and how long an entry stays delivered but unacknowledged before
    /// it is claimed (XAUTOCLAIM's min-idle-time).
    package let lease: Duration
    /// How long one XREADGROUP blocks for new entries.
    package let blockTimeout: Duration

    package init(
        maxTries: Int = 5, backoff: Backoff = Backoff(base: .milliseconds(100), cap: .seconds(5)),
        lease: Duration = .seconds(3), blockTimeout: Duration = .seconds(1)
    ) {
        self.maxTries = maxTries
        self.backoff = backoff
        self.lease = lease
        self.blockTimeout = blockTimeout
    }
}
