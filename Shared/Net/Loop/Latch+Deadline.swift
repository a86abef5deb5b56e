package import Lifecycle

extension Latch {
    /// Until it is opened, the time is over or the task is cancelled; each of these opens it. Must be called on a loop,
    /// which has the timer: elsewhere a deadline that lies ahead is not kept.
    package func wait(until deadline: Deadline) async {
        await withTaskCancellationHandler {
            if deadline.isPast() { fire() }
            let loop = EventLoop.current
            let timer = deadline == .never ? nil : loop?.at(deadline) { self.fire() }
            await wait()
            if let timer { loop?.cancel(timer) }
        } onCancel: {
            fire()
        }
    }
}
