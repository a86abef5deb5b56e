package import API
import Audit
import Chassis
package import Kernel
package import Web

/// The audit trails as administrators read them. That somebody read is itself a line of identity's.
package struct Trail: Sendable {
    let own: AuditTrail
    let others: any TrailSource
    let accesses: AccessLog

    package func list(_ wish: ListAudit, _ call: Call) async throws -> Listing<AuditEntryView> {
        let page = wish.service == .identity ? try await own.page(wish) : try await others.page(wish, for: call)
        // After reading, so that nobody's page begins with themselves; before answering, so that nobody reads unseen.
        try await accesses.seen("audit.read", subject: "audit/\(wish.service.rawValue)", on: call)
        return Listing(page, asked: wish.page)
    }
}

/// Whoever has the trails of the other services.
package protocol TrailSource: Sendable {
    func page(_ wish: ListAudit, for call: Call) async throws -> Page<AuditEntryView>
}
