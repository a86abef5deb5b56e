import Lifecycle
package import Net

/// Wakes one task that waits for work: when it is signalled, at the latest after a given time. A signal that arrives
/// while nothing waits ends the next wait at once.
package final class WakeSignal: Sendable {
    private let next = Locked(Latch())
    private let loop: EventLoop?

    /// - Parameter loop: whose timer ends a wait; without it that of the loop that waits.
    package init(on loop: EventLoop? = nil) { self.loop = loop }

    package func signal() { next.withLock { $0 }.fire() }

    package func wait(atMost duration: Duration) async {
        let latch = next.withLock { $0 }
        if let loop = EventLoop.current {
            let timer = loop.after(duration) { latch.fire() }
            await latch.wait()
            loop.cancel(timer)
        } else {
            loop?.execute { [loop] in loop?.after(duration) { latch.fire() } }
            await latch.wait()
        }
        // Signals from here on end the next wait; what was signalled before is seen by the work that follows now.
        next.withLock { $0 = Latch() }
    }
}
