package import Crypto
package import Kernel
import Sealing

/// What a hook's deliveries are signed with: 32 random bytes, shown to the owner once.
package struct HookSecret: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) { self.bytes = bytes }

    /// As Standard Webhooks writes it: `whsec_` and base64.
    package func exposed() -> String { "whsec_" + Base64.encode(bytes) }

    package var description: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A hook's secrets as they are kept: sealed under a data key of the hook's own.
package struct SealedHookSecrets: Sendable, Equatable {
    package let wrappedKey: [UInt8]
    package let secret: [UInt8]
    package let old: [UInt8]?
    /// Until when the old one signs too.
    package let oldUntil: Instant?

    package init(wrappedKey: [UInt8], secret: [UInt8], old: [UInt8]?, oldUntil: Instant?) {
        self.wrappedKey = wrappedKey
        self.secret = secret
        self.old = old
        self.oldUntil = oldUntil
    }

    /// Whether the secret of before the latest rotation still counts.
    package func isRotating(at now: Instant) -> Bool { oldUntil.map { now < $0 } ?? false }
}

/// Makes, seals and opens hooks' secrets. What was sealed opens for its hook and column alone.
package struct HookSecrets: Sendable {
    /// How long the secret of before a rotation signs beside the new one.
    package static let overlap: Duration = .seconds(86_400)

    private let keys: DataKeys<Hook>

    package init(sealer: Sealer) { keys = DataKeys(of: "notifier.hook", sealer: sealer) }

    /// The first secret of a new hook.
    package func make(for hook: ID<Hook>) throws -> (secret: HookSecret, sealed: SealedHookSecrets) {
        let (key, wrapped) = try keys.make(of: hook)
        let secret = HookSecret(bytes: Random.bytes(32))
        let sealed = try key.seal(secret.bytes, authenticating: cell(hook, "sealed_secret"))
        return (secret, SealedHookSecrets(wrappedKey: wrapped, secret: sealed, old: nil, oldUntil: nil))
    }

    /// A new secret; the one of before signs for a day more.
    package func rotate(
        _ kept: SealedHookSecrets, of hook: ID<Hook>, at now: Instant
    ) throws -> (secret: HookSecret, sealed: SealedHookSecrets) {
        let key = try keys.key(kept.wrappedKey, of: hook)
        let before = try key.open(kept.secret, authenticating: cell(hook, "sealed_secret"))
        let secret = HookSecret(bytes: Random.bytes(32))
        let sealed = SealedHookSecrets(
            wrappedKey: kept.wrappedKey,
            secret: try key.seal(secret.bytes, authenticating: cell(hook, "sealed_secret")),
            old: try key.seal(before, authenticating: cell(hook, "sealed_old_secret")), oldUntil: now + Self.overlap)
        return (secret, sealed)
    }

    /// Those that sign now, the newest first.
    package func open(_ kept: SealedHookSecrets, of hook: ID<Hook>, at now: Instant) throws -> [HookSecret] {
        let key = try keys.key(kept.wrappedKey, of: hook)
        var secrets = [HookSecret(bytes: try key.open(kept.secret, authenticating: cell(hook, "sealed_secret")))]
        if let old = kept.old, kept.isRotating(at: now) {
            secrets.append(HookSecret(bytes: try key.open(old, authenticating: cell(hook, "sealed_old_secret"))))
        }
        return secrets
    }

    private func cell(_ hook: ID<Hook>, _ column: String) -> AssociatedData {
        AssociatedData(table: "hook", row: hook.description, column: column)
    }
}
