internal import Lifecycle
internal import Net
internal import Observability

/// What one loop has of Redis, for who asks from the loop itself, without a task. Used on that loop alone.
package final class LocalRedis: @unchecked Sendable {
    private let local: LoopConnection
    private let times: Histogram
    private let faults: Counter
    /// Calls of one script that leave together, at the end of this turn.
    private var batch: Batch?

    private struct Batch {
        let call: ScriptCall
        var keys: [[UInt8]] = []
        var listeners: [Listener] = []
    }

    package typealias Listener = (Result<RESPValue, RedisError>) -> Void

    /// Keys of one call: so many keep the server from others for well below a millisecond.
    private static let keysTogether = 64

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

    /// Calls the script for this key, in one call with the other keys of this turn; `done` is given the key's element
    /// of the answer, after this call, when the time for a command is over at the latest.
    package func call(_ call: ScriptCall, key: [UInt8], _ done: @escaping Listener) {
        if batch?.call !== call { sendBatch() }
        if batch == nil {
            batch = Batch(call: call)
            local.loop.atEndOfTurn { [self] in sendBatch() }
        }
        batch?.keys.append(key)
        batch?.listeners.append(done)
        if batch?.keys.count == Self.keysTogether { sendBatch() }
    }

    private func sendBatch() {
        guard let batch = batch.take() else { return }
        guard let connection = local.current else {
            return local.loop.atEndOfTurn { Self.tell(.failure(.unreachable), to: batch.listeners) }
        }
        let begin = local.loop.now
        batch.call.send(batch.keys, over: connection, within: local.timeout) { [times, faults, local] answer in
            times.observe(begin.duration(to: local.loop.now))
            if case .failure(let error) = answer, error.code == nil { faults.add() }
            Self.tell(answer, to: batch.listeners)
        }
    }

    /// Each its own part of the answer.
    private static func tell(_ answer: Result<RESPValue, RedisError>, to listeners: [Listener]) {
        switch answer {
        case .success(.array(let parts)) where parts.count == listeners.count:
            for (part, listener) in zip(parts, listeners) { listener(.success(part)) }
        case .success: for listener in listeners { listener(.failure(.unexpectedAnswer)) }
        case .failure(let error): for listener in listeners { listener(.failure(error)) }
        }
    }
}
