import Gateway
import HTTP
import Lifecycle

/// A passage, and what became of the requests that were tried with it.
final class WatchedPassage: ShortWay, @unchecked Sendable {
    /// How often it came to what; what was declined is nowhere.
    struct Counts: Sendable, Equatable {
        var asked = 0
        /// Answered without a task.
        var carried = 0
        /// Begun, and finished by the task.
        var finished = 0
    }

    final class Log: Sendable {
        let counts = Locked(Counts())
        var now: Counts { counts.withLock { $0 } }
    }

    private let passage: Passage
    private let log: Log

    init(_ passage: Passage, _ log: Log) { (self.passage, self.log) = (passage, log) }

    var onHeard: (() -> Void)? {
        get { passage.onHeard }
        set { passage.onHeard = newValue }
    }

    func begin(_ head: RequestHead, in bytes: Span<UInt8>) -> ShortBeginning {
        let beginning = passage.begin(head, in: bytes)
        if case .asked = beginning { log.counts.withLock { $0.asked += 1 } }
        return beginning
    }

    func proceed(_ head: RequestHead, in bytes: Span<UInt8>) -> ShortBeginning { passage.proceed(head, in: bytes) }

    func answer(_ head: ResponseHead, in bytes: Span<UInt8>, headers: inout Headers) {
        log.counts.withLock { $0.carried += 1 }
        passage.answer(head, in: bytes, headers: &headers)
    }

    func finish(_ request: Request, sent: ClientConnection?) async -> Response {
        log.counts.withLock { $0.finished += 1 }
        return await passage.finish(request, sent: sent)
    }
}
