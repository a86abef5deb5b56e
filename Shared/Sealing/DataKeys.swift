// Sealing: how services keep the keys of their sealed columns. A data key belongs to one owner (an account, a patient,
// a row) and is kept wrapped by the master key; a service's own keys belong to nobody. What seals is Crypto's.

package import Crypto
package import Kernel

/// The data keys of one kind of owner. A wrapped key is bound to its owner's id: it opens for no other.
package struct DataKeys<Owner>: Sendable {
    private let sealer: Sealer
    private let kind: String
    private let cache: KeyCache

    /// - Parameters:
    ///   - kind: what the owners are, as `registry.account`; never changed, since wrapped keys are bound to it.
    ///   - limit: how many unwrapped keys are kept in memory: at most twice as many; 0 keeps none, so that each read
    ///     costs the same.
    package init(of kind: String, sealer: Sealer, cached limit: Int = 4096) {
        self.sealer = sealer
        self.kind = kind
        cache = KeyCache(limit: limit)
    }

    /// A new key, and the wrapped form in which it is kept beside what it seals.
    package func make(of owner: ID<Owner>) throws -> (key: DataKey, wrapped: [UInt8]) {
        try sealer.makeKey(for: name(of: owner))
    }

    /// The key whose wrapped form was kept.
    /// - Throws: `CryptoFault` when it is not this owner's.
    package func key(_ wrapped: [UInt8], of owner: ID<Owner>) throws -> DataKey {
        try cache.key(wrapped, of: .init(high: owner.high, low: owner.low)) {
            try sealer.unwrap(wrapped, for: name(of: owner))
        }
    }

    /// The owner's key as this process read it last, nil when it does not remember. Another may have taken its place
    /// since: whoever opens with it reads the key again when it does not fit, and whoever seals with it makes sure in
    /// the same transaction that it is still the one that is kept.
    package func remembered(of owner: ID<Owner>) -> KeptKey? {
        cache.key(of: .init(high: owner.high, low: owner.low))
    }

    /// Leaves out a key that was found not to be the one that is kept.
    package func forget(_ owner: ID<Owner>) { cache.forget(.init(high: owner.high, low: owner.low)) }

    private func name(of owner: ID<Owner>) -> String { "\(kind)/\(owner)" }
}
