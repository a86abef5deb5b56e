import Crypto
import Lifecycle

/// Data keys that were unwrapped before, found by their wrapped form, so that a key which was wrapped anew or
/// replaced is never mistaken for the old one. Holds at most twice `limit`: what was not asked for during a
/// generation is forgotten.
struct KeyCache: Sendable {
    private struct State {
        var young: [[UInt8]: DataKey] = [:]
        var old: [[UInt8]: DataKey] = [:]
    }

    private let limit: Int
    private let state = Locked(State())

    init(limit: Int) { self.limit = max(1, limit) }

    func key(_ wrapped: [UInt8], unwrap: () throws -> DataKey) throws -> DataKey {
        if let key = state.withLock({ $0.young[wrapped] }) { return key }
        let key = try state.withLock { $0.old[wrapped] } ?? unwrap()
        state.withLock { state in
            if state.young.count >= limit { (state.old, state.young) = (state.young, [:]) }
            state.young[wrapped] = key
        }
        return key
    }
}
