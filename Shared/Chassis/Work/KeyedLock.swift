import Lifecycle

/// Lets one at a time through for each key: of fifty who register one email at once, one hashes a password and the
/// others find it taken. It spares work; what is unique is for the database to decide.
package final class KeyedLock: Sendable {
    private let waiting = Locked<[[UInt8]: [Latch]]>([:])

    package init() {}

    package func pass<Result>(_ key: [UInt8], _ body: () async throws -> Result) async throws -> Result {
        await enter(key)
        defer { leave(key) }
        return try await body()
    }

    private func enter(_ key: [UInt8]) async {
        let turn = Latch()
        let isFirst = waiting.withLock { waiting in
            guard waiting[key] != nil else {
                waiting[key] = []
                return true
            }
            waiting[key]?.append(turn)
            return false
        }
        if !isFirst { await turn.wait() }
    }

    private func leave(_ key: [UInt8]) {
        let next = waiting.withLock { waiting -> Latch? in
            guard let queue = waiting[key], let first = queue.first else {
                waiting[key] = nil
                return nil
            }
            waiting[key]?.removeFirst()
            return first
        }
        next?.fire()
    }
}
