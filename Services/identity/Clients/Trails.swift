package import API
package import Chassis
import JSON
package import Kernel
package import Web

/// Asks the service whose trail it is.
package struct ServiceTrails: TrailSource {
    private let calls: ServiceClient

    package init(_ calls: ServiceClient) { self.calls = calls }

    package func page(_ wish: ListAudit, for call: Call) async throws -> Page<AuditEntryView> {
        let asked = AuditAPI.trail(of: wish.service.name).declaration
        guard let view = AuditPageView(try await calls.ask(asked, query: wish.query, for: call)) else {
            throw Problem.unavailable()
        }
        return view.page
    }
}

/// For what works without other services around it: it has none of their trails.
package struct NoTrails: TrailSource {
    package init() {}

    package func page(_ wish: ListAudit, for call: Call) async throws -> Page<AuditEntryView> {
        throw Problem.unavailable()
    }
}
