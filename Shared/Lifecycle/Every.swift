/// A rhythm: due at once, then each `interval` after the last time it was taken. Missed beats are not made up for.
package struct Every: Sendable {
    package let interval: Duration
    private var next: MonotonicTime?

    package init(_ interval: Duration) { self.interval = interval }

    /// Whether the beat is due at `now`; taking it sets the next one.
    package mutating func isDue(at now: MonotonicTime) -> Bool {
        if let next, now < next { return false }
        next = now.advanced(by: interval)
        return true
    }
}
