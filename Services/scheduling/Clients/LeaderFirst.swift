import Kernel
package import Lifecycle
import Net

/// Lets one of those who want the same go first. The others wait until it is done, all check at once whether there is
/// anything left to want, and then go on in the same way. It spares work; what may be had once is for the database to
/// decide. `KeyedLock` lets the others follow one by one, which takes the last of 200 too long.
package final class LeaderFirst<Key: Hashable & Sendable>: Sendable {
    /// How many leaders are waited for at most. Who still wants it then goes on beside the others.
    private static var rounds: Int { 3 }

    /// Who waits for the leader of a key.
    private let waiting = Locked<[Key: [Latch]]>([:])

    package init() {}

    /// - Throws: `service_unavailable` where the deadline passes before a leader is done; and what `check` throws,
    ///   which runs before `body` and after each wait.
    package func pass<Result>(
        _ key: Key, until deadline: Deadline, check: () async throws -> Void, _ body: () async throws -> Result
    ) async throws -> Result {
        for _ in 0..<Self.rounds {
            guard let latch = follow(key) else {
                defer { leave(key) }
                try await check()
                return try await body()
            }
            await latch.wait(until: deadline)
            try Task.checkCancellation()
            if deadline.isPast() { throw Problem.unavailable() }
            try await check()
        }
        return try await body()
    }

    /// What the leader opens when it is done; nil where there was none: then the caller is it.
    private func follow(_ key: Key) -> Latch? {
        waiting.withLock { waiting in
            guard waiting[key] != nil else {
                waiting[key] = []
                return nil
            }
            let latch = Latch()
            waiting[key]?.append(latch)
            return latch
        }
    }

    private func leave(_ key: Key) {
        for latch in waiting.withLock({ $0.removeValue(forKey: key) }) ?? [] { latch.fire() }
    }
}
