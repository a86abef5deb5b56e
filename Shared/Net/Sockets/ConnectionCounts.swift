internal import Lifecycle

/// Why a connection is not taken.
package enum AcceptRefusal: String, Sendable, CaseIterable {
    /// As many are open from its address as may be.
    case address
    /// As many are open as may be.
    case process
    /// The system has no descriptor or no memory for it: it waits.
    case system
}

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

    /// Counts one more from there; nil when that is within the caps, else why it is not and was not counted.
    func admit(_ network: UInt64?) -> AcceptRefusal? {
        state.withLock { state in
            guard state.total < total else { return .process }
            if let network {
                let count = state.each[network] ?? 0
                guard count < perAddress else { return .address }
                state.each[network] = count + 1
            }
            state.total += 1
            return nil
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
