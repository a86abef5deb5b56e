package import Crypto
import Lifecycle

/// A data key, and the wrapped form under which it stands in its owner's row.
package struct KeptKey: Sendable {
    package let key: DataKey
    package let wrapped: [UInt8]
}

/// Data keys that were unwrapped before, by owner. Another wrapped form replaces what was kept: a key that was wrapped
/// anew, replaced, or copied to another owner's row is never mistaken for the old one. Holds at most twice `limit`:
/// what was not asked for during a generation is forgotten. A limit of 0 keeps none.
struct KeyCache: Sendable {
    struct Owner: Hashable, Sendable {
        let high: UInt64
        let low: UInt64
    }

    private struct State {
        var young: [Owner: KeptKey] = [:]
        var old: [Owner: KeptKey] = [:]
    }

    private let limit: Int
    private let state = Locked(State())

    init(limit: Int) { self.limit = limit }

    /// The owner's key as it was when it was last read.
    func key(of owner: Owner) -> KeptKey? {
        state.withLock { state in
            if let kept = state.young[owner] { return kept }
            guard let kept = state.old[owner] else { return nil }
            keep(kept, of: owner, in: &state)
            return kept
        }
    }

    /// The owner's key of this wrapped form.
    func key(_ wrapped: [UInt8], of owner: Owner, unwrap: () throws -> DataKey) throws -> DataKey {
        if let kept = key(of: owner), kept.wrapped == wrapped { return kept.key }
        let key = try unwrap()
        if limit > 0 { state.withLock { keep(KeptKey(key: key, wrapped: wrapped), of: owner, in: &$0) } }
        return key
    }

    func forget(_ owner: Owner) {
        state.withLock { state in
            state.young[owner] = nil
            state.old[owner] = nil
        }
    }

    private func keep(_ kept: KeptKey, of owner: Owner, in state: inout State) {
        if state.young.count >= limit, state.young[owner] == nil { (state.old, state.young) = (state.young, [:]) }
        state.young[owner] = kept
    }
}
