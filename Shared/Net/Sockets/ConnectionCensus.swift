internal import Lifecycle

/// How many connections are open, in all and from each address; one count for all loops.
final class ConnectionCensus: Sendable {
    private struct State {
        var total = 0
        var each: [UInt64: Int] = [:]
    }

    private let state = Locked(State())
    private let total: Int
    private let perAddress: Int

    init(total: Int, perAddress: Int) {
        self.total = total
        self.perAddress = perAddress
    }

    var count: Int { state.withLock { $0.total } }

    /// Whether one more from there is within the caps; if so it is counted.
    func admit(_ neighbourhood: UInt64?) -> Bool {
        state.withLock { state in
            guard state.total < total else { return false }
            if let neighbourhood {
                let count = state.each[neighbourhood] ?? 0
                guard count < perAddress else { return false }
                state.each[neighbourhood] = count + 1
            }
            state.total += 1
            return true
        }
    }

    func release(_ neighbourhood: UInt64?) {
        state.withLock { state in
            state.total -= 1
            guard let neighbourhood, let count = state.each[neighbourhood] else { return }
            state.each[neighbourhood] = count > 1 ? count - 1 : nil
        }
    }
}
