package import Kernel

/// So many requests in so much time.
package struct RateLimit: Sendable, Hashable {
    package let number: Int
    /// Microseconds in which no more than `number` requests are allowed, at whatever moment they begin.
    package let window: Int64
    /// Microseconds of a bucket. What came in one bucket is forgotten together, when its last request is a window old:
    /// so a key takes a few entries, and nobody waits longer than a window.
    package let bucket: Int64
    /// The window in whole seconds.
    package let seconds: Int

    package init(number: Int, window: Duration) {
        let window = max(window, .seconds(1))
        self.number = max(number, 0)
        self.window = window.wholeMicroseconds
        bucket = max(self.window / 10, 1)
        seconds = Int(clamping: window.components.seconds)
    }
}

/// What a limit answers, and what the response's `RateLimit-*` headers say.
package struct RateVerdict: Sendable, Equatable {
    package let isAllowed: Bool
    package let limit: Int
    package let remaining: Int
    /// Seconds until there is room again for a request that was refused, else until the oldest counted one leaves.
    package let resetSeconds: Int

    package init(isAllowed: Bool, limit: Int, remaining: Int, resetSeconds: Int) {
        self.isAllowed = isAllowed
        self.limit = limit
        self.remaining = remaining
        self.resetSeconds = resetSeconds
    }
}

/// The count of one key in this process's own memory: the same arithmetic as the Redis script, for when Redis is down.
package struct RateWindow: Sendable {
    /// A bucket's requests, and when the last of them came.
    private var counts: [(last: Int64, count: Int)] = []

    package init() {}

    package mutating func count(_ limit: RateLimit, at now: Instant) -> RateVerdict {
        let now = now.microseconds
        if let first = counts.first, first.last <= now - limit.window {
            counts.removeAll { $0.last <= now - limit.window }
        }
        var used = 0
        for entry in counts { used += entry.count }
        let isAllowed = used < limit.number
        if isAllowed { add(now, bucket: limit.bucket) }
        let leaves = (counts.first?.last ?? now) + limit.window
        return RateVerdict(
            isAllowed: isAllowed, limit: limit.number, remaining: max(0, limit.number - used - (isAllowed ? 1 : 0)),
            resetSeconds: max(1, Duration.microseconds(leaves - now).secondsRoundedUp))
    }

    private mutating func add(_ now: Int64, bucket: Int64) {
        if let last = counts.indices.last, counts[last].last / bucket == now / bucket {
            counts[last].count += 1
            counts[last].last = now
        } else {
            counts.append((now, 1))
        }
    }

    /// Whether nothing of it counts any more.
    package func isOver(_ limit: RateLimit, at now: Instant) -> Bool {
        guard let last = counts.last else { return true }
        return last.last <= now.microseconds - limit.window
    }
}
