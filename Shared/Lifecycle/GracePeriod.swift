internal import Glibc

/// A time-out of a process that is ending, kept by a thread of its own: it must fire even when every event loop is
/// stuck.
package final class GracePeriod: Sendable {
    private struct State {
        var isOver = false
        var hasEnded = false
    }

    private let state = Locked(State())

    @discardableResult
    package init(_ duration: Duration, then act: @escaping @Sendable () -> Void) {
        let deadline = Deadline.after(duration)
        detachedThread(named: "grace") { [state] in
            while !state.withLock({ $0.hasEnded }) {
                if deadline.isPast() {
                    state.withLock { $0.isOver = true }
                    return act()
                }
                usleep(5_000)
            }
        }
    }

    var isOver: Bool { state.withLock { $0.isOver } }

    func end() { state.withLock { $0.hasEnded = true } }
}
