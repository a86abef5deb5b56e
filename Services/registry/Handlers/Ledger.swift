package import Audit
import Events
import Kernel
package import Messaging
import Postgres

/// Writes, beside a change and in its transaction, the fact others hear and the line of the audit trail.
package struct Ledger: Sendable {
    private let outbox: Outbox
    let audit: AuditLog

    package init(outbox: Outbox, audit: AuditLog) {
        self.outbox = outbox
        self.audit = audit
    }

    /// - Parameter deed: how the trail calls it, where that says more than the event.
    func record(_ event: Event, as deed: String? = nil, from origin: Origin, in tx: Transaction) async throws {
        try await outbox.record(event, from: origin, in: tx)
        guard let action = deed ?? event.auditAction else { return }
        try await audit.record(action, subject: event.auditSubject, from: origin, in: tx)
    }

    /// Something that was tried and not done, or read and not changed.
    func note(_ action: String, about subject: String? = nil, from origin: Origin, in tx: Transaction) async throws {
        try await audit.record(action, subject: subject, from: origin, in: tx)
    }
}
