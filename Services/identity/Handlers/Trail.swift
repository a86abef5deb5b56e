package import API
package import Web

/// The audit trail as administrators read it.
package struct Trail: Sendable {
    let audit: AuditStore

    package init(audit: AuditStore) { self.audit = audit }

    package func list(_ wish: ListAudit, _ call: Call) async throws -> Listing<AuditEntryView> {
        Listing(try await audit.list(wish), asked: wish.page)
    }
}
