internal import Lifecycle

/// Switches a listener off while whoever it wakes is awake anyway, so that no commit has to wake it. When it listens
/// again it says `connected`: look for yourself, anything may have been missed. Every change is told within the lock:
/// told after it, two at once could arrive in the other order and leave the listener off.
package final class ListenerSwitch: Sendable {
    private struct State {
        var isOn = true
        var change: (@Sendable (Bool) -> Void)?
    }

    private let state = Locked(State())

    package init() {}

    package func turn(on isOn: Bool) {
        state.withLock { state in
            state.isOn = isOn
            state.change?(isOn)
        }
    }

    /// Tells `change` how it stands, now and whenever that changes; nil for a listener that has ended. `change` must
    /// not call back.
    func connect(_ change: (@Sendable (Bool) -> Void)?) {
        state.withLock { state in
            state.change = change
            change?(state.isOn)
        }
    }
}
