/// How long to wait before the next try: exponential, capped, with full jitter (a random point between nothing and the
/// cap), so that many who failed together do not come back together.
package struct Backoff: Sendable {
    package let base: Duration
    package let cap: Duration

    package init(base: Duration, cap: Duration) {
        self.base = base
        self.cap = cap
    }

    /// The most the wait after the `attempt`-th failure (counted from 0) may be.
    package func ceiling(_ attempt: Int) -> Duration {
        var wait = min(base, cap)
        var left = attempt
        while left > 0, wait < cap {
            wait = min(wait * 2, cap)
            left -= 1
        }
        return wait
    }

    /// The wait itself; `random` is a number in 0..<1 and comes from the caller.
    package func delay(_ attempt: Int, random: Double) -> Duration {
        let share = min(max(random, 0), 1)
        return .nanoseconds(Int64(Double(ceiling(attempt).wholeNanoseconds) * share))
    }
}
