package import API
package import Kernel
import Postgres

/// A hook as it is kept.
package struct HookRow: Sendable {
    package let id: ID<Hook>
    package let owner: ID<Account>
    /// Nil of an administrator's: it hears of all tenants.
    package let hospital: ID<Hospital>?
    package var url: String
    /// Names, or one `*`.
    package var events: [String]
    package var secrets: SealedHookSecrets
    package var isActive: Bool
    package var failingSince: Instant?
    package var disabledAt: Instant?
    package var disabledReason: String?
    package var version: Int64
    package let createdAt: Instant
    package var updatedAt: Instant

    static let row = Projection(
        Column<ID<Hook>>("hook_id"), Column<ID<Account>>("owner_account"), Column<ID<Hospital>?>("hospital_id"),
        Column<String>("url"), Column<[String]>("events"), Column<[UInt8]>("wrapped_key"),
        Column<[UInt8]>("sealed_secret"), Column<[UInt8]?>("sealed_old_secret"), Column<Instant?>("old_until"),
        Column<Bool>("is_active"), Column<Instant?>("failing_since"), Column<Instant?>("disabled_at"),
        Column<String?>("disabled_reason"), Column<Int64>("version"), Column<Instant>("created_at"),
        Column<Instant>("updated_at")
    ) {
        id, owner, hospital, url, events, wrapped, secret, old, oldUntil, isActive, failingSince, disabledAt, reason,
        version, createdAt, updatedAt in
        HookRow(
            id: id, owner: owner, hospital: hospital, url: url, events: events,
            secrets: SealedHookSecrets(wrappedKey: wrapped, secret: secret, old: old, oldUntil: oldUntil),
            isActive: isActive, failingSince: failingSince, disabledAt: disabledAt, disabledReason: reason,
            version: version, createdAt: createdAt, updatedAt: updatedAt)
    }

    /// - Parameter now: an old secret that signs no more is not spoken of.
    package func view(at now: Instant) -> WebhookView {
        WebhookView(
            id: id, url: url, events: events, isActive: isActive, failingSince: failingSince, disabledAt: disabledAt,
            disabledReason: disabledReason, oldSecretUntil: secrets.isRotating(at: now) ? secrets.oldUntil : nil,
            createdAt: createdAt, updatedAt: updatedAt)
    }
}
