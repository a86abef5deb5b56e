import Lifecycle
import Net

/// Wakes one waiting loop of work: by a nudge, at the latest after a while. A nudge while nobody waits is kept.
package final class Nudge: Sendable {
    private let next = Locked(Once())

    package init() {}

    package func nudge() { next.withLock { $0 }.fire() }

    package func wait(atMost duration: Duration) async {
        let once = next.withLock { $0 }
        if let loop = EventLoop.current {
            let timer = loop.after(duration) { once.fire() }
            await once.wait()
            loop.cancel(timer)
        } else {
            await once.wait()
        }
        // What is nudged from here on wakes the next wait; what was nudged before is seen by the work that follows now.
        next.withLock { $0 = Once() }
    }
}
