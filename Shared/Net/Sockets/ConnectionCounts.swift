internal import Lifecycle

/// How many connections are open, in all and from each address; one count for all loops.
final class ConnectionCounts: Sendable {
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
    func admit(_ network: UInt64?) -> Bool {
        state.withLock { state in
            guard state.total < total else { return false }
            if let network {
                let count = state.each[network] ?? 0
                guard count < perAddress else { return false }
                state.each[network] = count + 1
            }
            state.total += 1
            return true
        }
    }

    func release(_ network: UInt64?) {
        state.withLock { state in
            state.total -= 1
            guard let network, let count = state.each[network] else { return }
            state.each[network] = count > 1 ? count - 1 : nil
        }
    }
}
