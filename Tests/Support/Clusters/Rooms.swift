internal import Lifecycle

/// Lets so many in at once; the others wait in their order. A server has only so many connections, and every test would
/// like to run now.
final class Rooms: Sendable {
    private struct State {
        var free: Int
        var waiting: [Latch] = []
    }

    private let state: Locked<State>

    init(_ count: Int) { state = Locked(State(free: count)) }

    func enter() async {
        let turn = Latch()
        let isFree = state.withLock { state in
            guard state.free == 0 else {
                state.free -= 1
                return true
            }
            state.waiting.append(turn)
            return false
        }
        if !isFree { await turn.wait() }
    }

    func leave() {
        let next = state.withLock { state -> Latch? in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.fire()
    }
}
