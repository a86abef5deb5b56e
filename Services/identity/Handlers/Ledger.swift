package import Audit
import Events
import Kernel
package import Messaging
import Postgres

/// Writes, beside a change and in its transaction, the fact others hear and the line of the audit trail.
package struct Ledger: Sendable {
    let outbox: Outbox
    let audit: AuditLog

    package init(outbox: Outbox, audit: AuditLog) {
        self.outbox = outbox
        self.audit = audit
    }

    func record(
        _ action: String, about account: ID<Account>?, by actor: ID<Account>? = nil, _ events: [IdentityEvent] = [],
        from origin: Origin, in tx: Transaction
    ) async throws {
        for event in events { try await outbox.record(event, from: origin, in: tx) }
        try await audit.record(action, subject: account.map { "account/\($0)" }, actor: actor, from: origin, in: tx)
    }
}
