import Gateway
import HTTP
import Lifecycle

/// A fastPath, and what became of the requests that were tried with it.
final class WatchedFastPath: FastPath, @unchecked Sendable {
    /// How often it came to what; what was declined is nowhere.
    struct Counts: Sendable, Equatable {
        var asked = 0
        /// Answered without a task.
        var carried = 0
        /// FastPathRequest, and finished by the task.
        var finished = 0
    }

    final class Log: Sendable {
        let counts = Locked(Counts())
        var now: Counts { counts.withLock { $0 } }
    }

    private let fastPath: ProxyFastPath
    private let log: Log

    init(_ fastPath: ProxyFastPath, _ log: Log) {
        self.fastPath = fastPath
        self.log = log
    }

    var onReply: (() -> Void)? {
        get { fastPath.onReply }
        set { fastPath.onReply = newValue }
    }

    func begin(_ head: RequestHead, in bytes: Span<UInt8>) -> FastPathStep {
        let beginning = fastPath.begin(head, in: bytes)
        if case .waiting = beginning { log.counts.withLock { $0.asked += 1 } }
        return beginning
    }

    func proceed(_ head: RequestHead, in bytes: Span<UInt8>) -> FastPathStep { fastPath.proceed(head, in: bytes) }

    func answer(_ head: ResponseHead, in bytes: Span<UInt8>, headers: inout Headers) {
        log.counts.withLock { $0.carried += 1 }
        fastPath.answer(head, in: bytes, headers: &headers)
    }

    func finish(_ request: Request, sent: ClientConnection?) async -> Response {
        log.counts.withLock { $0.finished += 1 }
        return await fastPath.finish(request, sent: sent)
    }
}
