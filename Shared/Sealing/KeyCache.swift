import Crypto
import Lifecycle

/// Data keys that were unwrapped before, found by owner and wrapped form, so that a key which was wrapped anew,
/// replaced, or copied to another owner's row is never mistaken for the old one. Holds at most twice `limit`: what was
/// not asked for during a generation is forgotten. A limit of 0 keeps none.
struct KeyCache: Sendable {
    private struct Entry: Hashable {
        /// The owner's id.
        let high: UInt64
        let low: UInt64
        let wrapped: [UInt8]
    }

    private struct State {
        var young: [Entry: DataKey] = [:]
        var old: [Entry: DataKey] = [:]
    }

    private let limit: Int
    private let state = Locked(State())

    init(limit: Int) { self.limit = limit }

    func key(
        _ wrapped: [UInt8], of owner: (high: UInt64, low: UInt64), unwrap: () throws -> DataKey
    ) throws -> DataKey {
        guard limit > 0 else { return try unwrap() }
        let entry = Entry(high: owner.high, low: owner.low, wrapped: wrapped)
        if let key = state.withLock({ $0.young[entry] }) { return key }
        let key = try state.withLock { $0.old[entry] } ?? unwrap()
        state.withLock { state in
            if state.young.count >= limit { (state.old, state.young) = (state.young, [:]) }
            state.young[entry] = key
        }
        return key
    }
}
