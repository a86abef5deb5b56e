package import API
import Audit
import Chassis
package import Kernel
package import Lifecycle
package import Web

/// The audit trails as administrators read them. That somebody read is itself a line of identity's.
package struct Trail: Sendable {
    let own: AuditTrail
    let others: any TrailSource
    let accesses: AccessLog

    package func list(_ query: ListAudit, _ call: Call) async throws -> Listing<AuditEntryView> {
        let page =
            query.service == .identity
            ? try await own.page(query) : try await others.page(query, for: call.origin, until: call.deadline)
        // After reading, so that nobody's page begins with themselves; before answering, so that nobody reads unseen.
        try await accesses.seen("audit.read", subject: "audit/\(query.service.rawValue)", from: call.origin)
        return Listing(page, asked: query.page)
    }
}

/// Whoever has the trails of the other services.
package protocol TrailSource: Sendable {
    func page(_ query: ListAudit, for origin: Origin, until deadline: Deadline) async throws -> Page<AuditEntryView>
}
