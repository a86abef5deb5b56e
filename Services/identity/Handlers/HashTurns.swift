import Kernel
import Lifecycle
import Net

/// Lets those through who have a turn by `HashQueue`, and wakes those who wait for one.
final class HashTurns: Sendable {
    private struct State {
        var queue: HashQueue
        var latches: [Int: Latch] = [:]
    }

    private let state: Locked<State>

    init(_ queue: HashQueue) { state = Locked(State(queue: queue)) }

    func pass<Result>(
        as name: String?, until deadline: Deadline, _ body: () async throws -> Result
    ) async throws -> Result {
        let ticket = try await enter(name, deadline)
        var isWhole = false
        defer { leave(ticket, isWhole: isWhole) }
        let result = try await body()
        isWhole = true
        return result
    }

    private func enter(_ name: String?, _ deadline: Deadline) async throws -> Int {
        let latch = Latch()
        let entry = state.withLock { state in
            let entry = state.queue.enter(as: name, until: deadline, at: .now)
            if case .wait(let ticket, _) = entry { state.latches[ticket] = latch }
            return entry
        }
        switch entry {
        case .begin(let ticket): return ticket
        case .refused(let wait): throw Problem.unavailable(retryAfter: wait.secondsRoundedUp)
        case .wait(let ticket, let end):
            await latch.wait(until: end)
            return try settle(ticket)
        }
    }

    private func settle(_ ticket: Int) throws -> Int {
        let refusal = state.withLock { state in
            state.latches[ticket] = nil
            return state.queue.begins(ticket) ? nil : state.queue.retryAfter
        }
        if let refusal { throw Problem.unavailable(retryAfter: refusal.secondsRoundedUp) }
        guard !Task.isCancelled else {
            leave(ticket, isWhole: false)
            throw CancellationError()
        }
        return ticket
    }

    private func leave(_ ticket: Int, isWhole: Bool) {
        let woken = state.withLock { state in
            state.queue.leave(ticket, isWhole: isWhole, at: .now).compactMap { state.latches[$0] }
        }
        for latch in woken { latch.fire() }
    }
}
