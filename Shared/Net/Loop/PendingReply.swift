package import Lifecycle

/// A task that waits for an answer which comes on a loop. The answer, the deadline and the cancellation all arrive
/// there, and whichever is first takes the waiter out; the others find nothing left to do.
@safe package final class PendingReply<Value: Sendable>: @unchecked Sendable {
    private let loop: EventLoop
    private var waiter: UnsafeContinuation<Value, any Error>?
    private var timer: TimerID?
    private var givenUp: (any Error)?
    /// Called on the loop when the waiter stopped waiting before it was answered.
    package var onGivingUp: (() -> Void)?

    private init(loop: EventLoop) { self.loop = loop }

    /// Whether somebody still waits.
    package var isAwaited: Bool { unsafe waiter != nil }

    /// Answers, unless that has happened; says whether it was the answer.
    @discardableResult
    package func answer(_ result: Result<Value, any Error>) -> Bool {
        guard let waiter = unsafe take() else { return false }
        unsafe waiter.resume(with: result)
        return true
    }

    private func begin(
        _ continuation: UnsafeContinuation<Value, any Error>, until deadline: Deadline,
        late: @escaping @Sendable () -> any Error
    ) {
        unsafe waiter = continuation
        if let givenUp {
            answer(.failure(givenUp))
        } else if deadline != .never {
            timer = loop.at(deadline) { [self] in giveUp(late()) }
        }
    }

    private func giveUp(_ error: any Error) {
        givenUp = error
        let hook = onGivingUp
        if answer(.failure(error)) { hook?() }
    }

    private func take() -> UnsafeContinuation<Value, any Error>? {
        guard let waiter = unsafe waiter else { return nil }
        unsafe self.waiter = nil
        onGivingUp = nil
        if let timer { loop.cancel(timer) }
        timer = nil
        return unsafe waiter
    }

    /// Calls `ask` on the loop and waits until it is answered, the deadline passes (then `late` is thrown) or the task
    /// is cancelled (unless `isCancellable` is false).
    package static func wait(
        on loop: EventLoop, until deadline: Deadline, isCancellable: Bool = true,
        late: @escaping @Sendable () -> any Error, _ ask: @escaping @Sendable (PendingReply<Value>) -> Void
    ) async throws -> Value {
        let asked = PendingReply(loop: loop)
        return try await withTaskCancellationHandler {
            try await unsafe withUnsafeThrowingContinuation { continuation in
                if loop.isCurrent {
                    unsafe asked.begin(continuation, until: deadline, late: late)
                    if asked.isAwaited { ask(asked) }
                } else {
                    loop.execute {
                        unsafe asked.begin(continuation, until: deadline, late: late)
                        if asked.isAwaited { ask(asked) }
                    }
                }
            }
        } onCancel: {
            if isCancellable { loop.execute { asked.giveUp(CancellationError()) } }
        }
    }
}
