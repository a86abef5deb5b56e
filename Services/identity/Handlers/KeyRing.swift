package import Crypto
package import IdentityDomain
package import Kernel
import Lifecycle
import Observability

/// The keys in memory: which one signs now, which ones are published. It is refreshed from the store once a minute, far
/// more often than a key changes its role, so that every process signs with a key every verifier knows.
package final class KeyRing: Sendable {
    private let store: KeyStore
    private let rotation: KeyRotation
    private let clock: any WallClock
    private let keys: Locked<[KeyStore.Kept]>

    /// Loads the keys; the first process of all makes the first one.
    package init(store: KeyStore, rotation: KeyRotation = KeyRotation(), clock: any WallClock) async throws {
        self.store = store
        self.rotation = rotation
        self.clock = clock
        keys = Locked([])
        try await refresh()
    }

    /// Makes the next key when its time has come, forgets those nobody needs, and loads what there is.
    package func refresh() async throws {
        let now = clock.now
        var kept = try await store.all()
        if let signsFrom = rotation.nextSigns(among: kept.map(\.times), at: now) {
            let key = try SigningKey.generate()
            try await store.add(key, signsFrom: signsFrom, at: now)
            log.info("signing key made", ["key": key.id, "signs_from": signsFrom.rfc3339])
            kept = try await store.all()
        }
        let retired = rotation.retired(among: kept.map(\.times), at: now).map(\.kid)
        if !retired.isEmpty {
            try await store.remove(retired)
            kept.removeAll { retired.contains($0.key.id) }
        }
        let loaded = kept
        keys.withLock { $0 = loaded }
    }

    /// The key that signs now.
    package func signer() throws(Problem) -> SigningKey {
        let keys = keys.withLock { $0 }
        let signer = rotation.signer(among: keys.map(\.times), at: clock.now)
        guard let key = keys.first(where: { $0.key.id == signer?.kid })?.key else { throw .unavailable() }
        return key
    }

    /// All that verifiers may meet.
    package var published: [VerifyingKey] { keys.withLock { $0.map(\.key.verifying) } }
}
