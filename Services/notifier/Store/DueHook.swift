package import Kernel
import Postgres

/// An event that is being posted to a hook.
package struct DueHook: Sendable {
    package let id: ID<HookDelivery>
    package let hook: ID<Hook>
    package let owner: ID<Account>
    package let url: String
    package let secrets: SealedHookSecrets
    package let body: String
    package let isTest: Bool
    /// Counted over the delivery's whole life: it says whose try a result belongs to.
    package let attempt: Int
    /// Counted since it was made or sent again: waits grow with it.
    package let tries: Int
    /// When the first of these began.
    package let first: Instant

    static let row = Projection(
        Column<ID<HookDelivery>>("d.delivery_id"), Column<ID<Hook>>("h.hook_id"),
        Column<ID<Account>>("h.owner_account"), Column<String>("h.url"), Column<[UInt8]>("h.wrapped_key"),
        Column<[UInt8]>("h.sealed_secret"), Column<[UInt8]?>("h.sealed_old_secret"),
        Column<Instant?>("h.old_until"), Column<String>("d.body"), Column<Bool>("d.is_test"),
        Column<Int>("d.attempts"), Column<Int>("d.attempts - d.retried_after"), Column<Instant>("d.first_at")
    ) { id, hook, owner, url, wrapped, secret, old, oldUntil, body, isTest, attempt, tries, first in
        DueHook(
            id: id, hook: hook, owner: owner, url: url,
            secrets: SealedHookSecrets(wrappedKey: wrapped, secret: secret, old: old, oldUntil: oldUntil),
            body: body, isTest: isTest, attempt: attempt, tries: tries, first: first)
    }
}
