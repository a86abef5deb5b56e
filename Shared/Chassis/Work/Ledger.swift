package import Audit
package import Events
package import Kernel
package import Messaging
package import Postgres

/// Writes, beside a change and in its transaction, the event for other services and the line of the audit trail.
package struct Ledger: Sendable {
    private let outbox: Outbox
    package let audit: AuditLog

    package init(outbox: Outbox, audit: AuditLog) {
        self.outbox = outbox
        self.audit = audit
    }

    /// Tells of the event, and notes it in the audit trail.
    /// - Parameters:
    ///   - action: the trail's word, where there is a closer one than the event's.
    ///   - actor: who did it, where that is not the caller (somebody logging in).
    ///   - others: further events of the change: published, without an audit line.
    package func record(
        _ event: Event, as action: String? = nil, by actor: ID<Account>? = nil, with others: [Event] = [],
        from origin: Origin, in tx: Transaction
    ) async throws {
        for event in [event] + others { try await outbox.record(event, from: origin, in: tx) }
        guard let action = action ?? event.auditAction else { return }
        try await audit.record(action, subject: event.auditSubject, actor: actor, from: origin, in: tx)
    }

    /// Writes an audit line for what has no event of its own: something that was tried and not done, was read and not
    /// changed, or ended many things, published as `events`.
    /// - Parameter subject: what it was done to, as `patient/<id>`; never a name.
    package func note(
        _ action: String, about subject: String? = nil, by actor: ID<Account>? = nil, telling events: [Event] = [],
        from origin: Origin, in tx: Transaction
    ) async throws {
        for event in events { try await outbox.record(event, from: origin, in: tx) }
        try await audit.record(action, subject: subject, actor: actor, from: origin, in: tx)
    }
}
