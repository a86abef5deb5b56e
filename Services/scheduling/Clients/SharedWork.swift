import Kernel
package import Lifecycle
import Net

/// Work that many ask for at one moment, done once for all of them. It is no cache: the work that answers somebody
/// began after they asked, so that what is decided by it is as fresh as if they had done it alone. While it is being
/// done for those before, newcomers wait and share the next.
package final class SharedWork<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct State {
        /// Not begun yet: who comes may join.
        var open: [Key: Round] = [:]
        var running: [Key: Round] = [:]
    }

    private let state = Locked(State())

    package init() {}

    /// - Parameter deadline: the caller's own. Whoever does the work may have less time, and a fault that comes when
    ///   theirs is over is nobody else's.
    /// - Throws: `service_unavailable` where the deadline passes before the work is done; and what the work throws.
    package func value(
        _ key: Key, until deadline: Deadline = .never, _ work: () async throws -> Value
    ) async throws -> Value {
        while true {
            let (round, previous, isFirst) = enter(key)
            if isFirst { return try await lead(round, of: key, after: previous, until: deadline, work) }
            await round.wait(until: deadline)
            try Task.checkCancellation()
            // Nil where who did the work was cancelled or had no time left: then it is done anew.
            if let outcome = round.outcome { return try outcome.get() }
            if deadline.isPast() { throw Problem.unavailable() }
        }
    }

    private func enter(_ key: Key) -> (round: Round, previous: Round?, isFirst: Bool) {
        state.withLock { state in
            if let round = state.open[key] { return (round, nil, false) }
            let round = Round()
            state.open[key] = round
            return (round, state.running[key], true)
        }
    }

    private func lead(
        _ round: Round, of key: Key, after previous: Round?, until deadline: Deadline,
        _ work: () async throws -> Value
    ) async throws -> Value {
        await previous?.wait(until: deadline)
        state.withLock { state in
            state.open[key] = nil
            state.running[key] = round
        }
        let outcome: Result<Value, any Error>
        do {
            try Task.checkCancellation()
            outcome = .success(try await work())
        } catch { outcome = .failure(error) }
        state.withLock { if $0.running[key] === round { $0.running[key] = nil } }
        var isOwnFault = false
        if case .failure = outcome { isOwnFault = Task.isCancelled || deadline.isPast() }
        round.end(isOwnFault ? nil : outcome)
        return try outcome.get()
    }

    /// One doing of the work, and those who wait for it.
    private final class Round: Sendable {
        private struct State {
            var isOver = false
            var outcome: Result<Value, any Error>?
            var waiting: [Latch] = []
        }

        private let state = Locked(State())

        var outcome: Result<Value, any Error>? { state.withLock { $0.outcome } }

        /// Until it is done, the deadline passes or the task is cancelled.
        func wait(until deadline: Deadline) async {
            let latch = Latch()
            let isOver = state.withLock { state in
                if !state.isOver { state.waiting.append(latch) }
                return state.isOver
            }
            if isOver { return }
            await latch.wait(until: deadline)
        }

        func end(_ outcome: Result<Value, any Error>?) {
            let waiting = state.withLock { state in
                state.isOver = true
                state.outcome = outcome
                defer { state.waiting = [] }
                return state.waiting
            }
            for latch in waiting { latch.fire() }
        }
    }
}
