internal import Lifecycle
internal import Net
internal import Observability

/// What one loop has of Redis, for who asks from the loop itself, without a task. Used on that loop alone.
package struct RedisSeat: Sendable {
    let lane: RedisLane
    let times: Histogram
    let faults: Counter

    /// Whether a command would be refused at once: Redis was not reached a moment ago.
    package var isAway: Bool { lane.isAway }

    /// Whether a command would be sent now: there is a connection, and not too much waits on it.
    package var isConnected: Bool { lane.link != nil }

    /// Sends the call with all else of this turn; `done` is told, when the time for a command is over at the latest: in a later
    /// turn, while there is a connection, else at once.
    package func call(
        _ call: ScriptCall, key: [UInt8], _ done: @escaping (Result<RESPValue, RedisError>) -> Void
    ) {
        guard let link = lane.link else { return done(.failure(.unreachable)) }
        let begin = lane.loop.now
        call.send(key, over: link, within: lane.timeout) { [times, faults, lane] answer in
            times.observe(begin.duration(to: lane.loop.now))
            if case .failure(let error) = answer, error.code == nil { faults.add() }
            done(answer)
        }
    }
}
