package import Lifecycle

extension EventLoop {
    /// Suspends the task for `duration` by a timer of this loop; a cancelled task wakes at once with
    /// `CancellationError`.
    package func sleep(_ duration: Duration) async throws {
        try await sleep(until: .after(duration))
    }

    package func sleep(until deadline: Deadline) async throws {
        let task = Sleeper(loop: self)
        try await withTaskCancellationHandler {
            unsafe try await withUnsafeThrowingContinuation { continuation in
                if isCurrent {
                    unsafe task.begin(until: deadline, continuation)
                } else {
                    execute { unsafe task.begin(until: deadline, continuation) }
                }
            }
        } onCancel: {
            execute { task.cancel() }
        }
    }
}

/// One sleeping task. The timer and the cancellation both come on the loop; whoever takes the continuation resumes it.
@safe private final class Sleeper: @unchecked Sendable {
    private let loop: EventLoop
    private var sleeper: UnsafeContinuation<Void, any Error>?
    private var timer: TimerID?
    private var isCancelled = false

    init(loop: EventLoop) { self.loop = loop }

    func begin(until deadline: Deadline, _ continuation: UnsafeContinuation<Void, any Error>) {
        if isCancelled { return unsafe continuation.resume(throwing: CancellationError()) }
        unsafe sleeper = continuation
        timer = loop.at(deadline) { [self] in
            let sleeper = unsafe take()
            unsafe sleeper?.resume()
        }
    }

    func cancel() {
        isCancelled = true
        if let timer { loop.cancel(timer) }
        let sleeper = unsafe take()
        unsafe sleeper?.resume(throwing: CancellationError())
    }

    private func take() -> UnsafeContinuation<Void, any Error>? {
        defer { unsafe sleeper = nil }
        return unsafe sleeper
    }
}
