package import Lifecycle

/// When a server that could not be reached is tried again, by those who share the gate: one try at a time, with
/// a pause that grows and that no two processes have alike. While the server is reached it lets everybody pass.
package final class ReconnectGate: Sendable {
    private struct State {
        var failures = 0
        var closedUntil: MonotonicTime?
    }

    private let backoff: Backoff
    /// How long a try may take at most before another is made.
    private let timeout: Duration
    private let state = Locked(State())

    package init(
        backoff: Backoff = Backoff(base: .milliseconds(100), cap: .seconds(2)), timeout: Duration = .seconds(2)
    ) {
        self.backoff = backoff
        self.timeout = timeout
    }

    /// Whether a connection may be tried now; who was let in says how it ended.
    package func enter(at now: MonotonicTime) -> Bool {
        state.withLock { state in
            guard state.failures > 0 else { return true }
            if let until = state.closedUntil, now < until { return false }
            state.closedUntil = now.advanced(by: timeout)
            return true
        }
    }

    package func succeeded() { state.withLock { $0 = State() } }

    /// `random` (0..<1) spreads the next try over the second half of the pause.
    package func failed(at now: MonotonicTime, random: Double) {
        state.withLock { state in
            let pause = backoff.delay(state.failures, random: 0.5 + random / 2)
            state.failures = min(state.failures + 1, 32)
            state.closedUntil = now.advanced(by: pause)
        }
    }
}
