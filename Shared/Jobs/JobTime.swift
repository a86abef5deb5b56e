package import Lifecycle

/// Clock, randomness and sleeping of jobs; a test injects its own, so that it need not wait.
package struct JobTime: Sendable {
    package let now: @Sendable () -> MonotonicTime
    /// In 0..<1.
    package let random: @Sendable () -> Double
    /// Returns when the signal comes, at the latest after the duration.
    package let wait: @Sendable (WakeSignal, Duration) async -> Void

    package init(
        now: @escaping @Sendable () -> MonotonicTime, random: @escaping @Sendable () -> Double,
        wait: @escaping @Sendable (WakeSignal, Duration) async -> Void
    ) {
        self.now = now
        self.random = random
        self.wait = wait
    }

    package static let system = JobTime(
        now: { .now }, random: { .random(in: 0..<1) }, wait: { await $0.wait(atMost: $1) })
}
