package import Kernel

/// So many requests in so much time.
package struct RateLimit: Sendable, Hashable {
    package let number: Int
    package let window: Duration
    /// Microseconds of a bucket.
    package let bucket: Int64
    /// The window in whole seconds.
    package let seconds: Int

    package init(number: Int, window: Duration) {
        (self.number, self.window) = (max(number, 0), max(window, .seconds(1)))
        bucket = max(self.window.wholeMicroseconds / Int64(RateLimit.buckets), 1)
        seconds = Int(clamping: self.window.components.seconds)
    }

    /// The window is counted in this many buckets: what happened in a bucket counts until the whole of it is a window
    /// old, so no stretch of a window's length ever holds more than `number` requests, at whatever edge it starts.
    package static let buckets = 10
}

/// What a limit answers, and what the response's `RateLimit-*` headers say.
package struct RateVerdict: Sendable, Equatable {
    package let isAllowed: Bool
    package let limit: Int
    package let remaining: Int
    /// Seconds until there is room again for a request that was refused, else until the oldest counted one leaves.
    package let resetSeconds: Int

    package init(isAllowed: Bool, limit: Int, remaining: Int, resetSeconds: Int) {
        (self.isAllowed, self.limit, self.remaining) = (isAllowed, limit, remaining)
        self.resetSeconds = resetSeconds
    }
}

/// The count of one key in this process's own memory: the same arithmetic as the Redis script, for when Redis is down.
package struct RateWindow: Sendable {
    private var counts: [(bucket: Int64, count: Int)] = []

    package init() {}

    package mutating func count(_ limit: RateLimit, at now: Instant) -> RateVerdict {
        let bucket = now.microseconds / limit.bucket
        let over = bucket - Int64(RateLimit.buckets) - 1
        if let first = counts.first, first.bucket <= over { counts.removeAll { $0.bucket <= over } }
        var used = 0
        for entry in counts { used += entry.count }
        let isAllowed = used < limit.number
        if isAllowed {
            if let last = counts.indices.last, counts[last].bucket == bucket {
                counts[last].count += 1
            } else {
                counts.append((bucket, 1))
            }
        }
        let oldest = counts.first?.bucket ?? bucket
        let leaves = (oldest + Int64(RateLimit.buckets) + 1) * limit.bucket
        return RateVerdict(
            isAllowed: isAllowed, limit: limit.number, remaining: max(0, limit.number - used - (isAllowed ? 1 : 0)),
            resetSeconds: max(1, Int((leaves - now.microseconds + 999_999) / 1_000_000)))
    }

    /// Whether nothing of it counts any more.
    package func isOver(_ limit: RateLimit, at now: Instant) -> Bool {
        guard let last = counts.last else { return true }
        return last.bucket <= now.microseconds / limit.bucket - Int64(RateLimit.buckets) - 1
    }
}
