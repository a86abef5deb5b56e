package import Kernel

/// Stops asking a service that fails, and finds out when it is well again. Closed, it counts failures in a row and in a
/// window; open, it refuses at once; half open, it lets a few through to see.
package struct CircuitBreaker: Sendable {
    /// When a breaker opens, and for how long.
    package struct Rules: Sendable {
        /// Failures within `window` that open it, if they are also half of all asked.
        package var failures = 10
        package var window: Duration = .seconds(5)
        package var openFor: Duration = .seconds(2)
        package var trials = 3
        package init() {}
    }

    /// Whether a request may be sent now.
    package enum Answer: Sendable, Equatable {
        case pass
        case refuse(until: Instant)
    }

    private enum State: Sendable {
        case closed(since: Instant, asked: Int, failed: Int)
        case open(until: Instant)
        case halfOpen(inFlight: Int, succeeded: Int, since: Instant)
    }

    private let rules: Rules
    private var state: State

    package init(_ rules: Rules = Rules(), at now: Instant) {
        self.rules = rules
        state = .closed(since: now, asked: 0, failed: 0)
    }

    package var isOpen: Bool { if case .open = state { true } else { false } }

    package mutating func ask(at now: Instant) -> Answer {
        switch state {
        case .closed(let since, let asked, let failed):
            let isStale = now - since > rules.window
            state =
                isStale
                ? .closed(since: now, asked: 1, failed: 0) : .closed(since: since, asked: asked + 1, failed: failed)
            return .pass
        case .open(let until):
            if now < until { return .refuse(until: until) }
            state = .halfOpen(inFlight: 1, succeeded: 0, since: now)
            return .pass
        case .halfOpen(let inFlight, let succeeded, let since):
            // A trial that never came back must not keep the breaker half open for ever.
            if inFlight >= rules.trials, now - since < rules.window { return .refuse(until: now + rules.openFor) }
            state = .halfOpen(inFlight: inFlight >= rules.trials ? 1 : inFlight + 1, succeeded: succeeded, since: now)
            return .pass
        }
    }

    package mutating func succeeded(at now: Instant) {
        guard case .halfOpen(let inFlight, let succeeded, let since) = state else { return }
        state =
            succeeded + 1 >= rules.trials
            ? .closed(since: now, asked: 0, failed: 0)
            : .halfOpen(inFlight: max(0, inFlight - 1), succeeded: succeeded + 1, since: since)
    }

    package mutating func failed(at now: Instant) {
        switch state {
        case .closed(let since, let asked, let failed):
            let count = failed + 1
            let opens = count >= rules.failures && count * 2 >= asked && now - since <= rules.window
            state = opens ? .open(until: now + rules.openFor) : .closed(since: since, asked: asked, failed: count)
        case .halfOpen: state = .open(until: now + rules.openFor)
        case .open: break
        }
    }
}
