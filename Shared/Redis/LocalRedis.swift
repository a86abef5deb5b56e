internal import Lifecycle
internal import Net
internal import Observability

/// What one loop has of Redis, for who asks from the loop itself, without a task. Used on that loop alone.
package final class LocalRedis: Sendable {
    private let local: LoopConnection
    private let times: Histogram
    private let faults: Counter

    init(_ local: LoopConnection, times: Histogram, faults: Counter) {
        self.local = local
        self.times = times
        self.faults = faults
    }

    /// Whether this loop has a connection to Redis.
    package enum Condition: Sendable {
        /// There is a connection.
        case ready
        /// A command would have to wait for one.
        case connecting
        /// A command would be refused at once: Redis was not reached a moment ago, or too much waits for it.
        case away
    }

    package var condition: Condition { local.condition }

    /// Sends the call with all else of this turn; `done` is called after this call, when the time for a command is over
    /// at the latest.
    package func call(
        _ call: ScriptCall, key: [UInt8], _ done: @escaping (Result<RESPValue, RedisError>) -> Void
    ) {
        guard let connection = local.current else { return local.loop.atEndOfTurn { done(.failure(.unreachable)) } }
        let begin = local.loop.now
        call.send(key, over: connection, within: local.timeout) { [times, faults, local] answer in
            times.observe(begin.duration(to: local.loop.now))
            if case .failure(let error) = answer, error.code == nil { faults.add() }
            done(answer)
        }
    }
}
