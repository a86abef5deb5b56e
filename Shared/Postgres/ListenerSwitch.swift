internal import Lifecycle

/// Switches a listener off while whoever it wakes is awake anyway, so that no commit has to wake it. When it listens
/// again it says `connected`: look for yourself, anything may have been missed.
package final class ListenerSwitch: Sendable {
    private struct State {
        var isOn = true
        var change: (@Sendable (Bool) -> Void)?
    }

    private let state = Locked(State())

    package init() {}

    package func turn(on isOn: Bool) {
        let change = state.withLock { state in
            state.isOn = isOn
            return state.change
        }
        change?(isOn)
    }

    /// Tells `change` how it stands, now and whenever that changes; nil for a listener that has ended.
    func connect(_ change: (@Sendable (Bool) -> Void)?) {
        let isOn = state.withLock { state in
            state.change = change
            return state.isOn
        }
        change?(isOn)
    }
}
