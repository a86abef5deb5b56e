import Lifecycle
import Net

/// Wakes one waiting loop of work: by a wakeSignal, at the latest after a while. A wakeSignal while nobody waits is kept.
package final class WakeSignal: Sendable {
    private let next = Locked(Latch())

    package init() {}

    package func signal() { next.withLock { $0 }.fire() }

    package func wait(atMost duration: Duration) async {
        let latch = next.withLock { $0 }
        if let loop = EventLoop.current {
            let timer = loop.after(duration) { latch.fire() }
            await latch.wait()
            loop.cancel(timer)
        } else {
            await latch.wait()
        }
        // What is nudged from here on wakes the next wait; what was nudged before is seen by the work that follows now.
        next.withLock { $0 = Latch() }
    }
}
