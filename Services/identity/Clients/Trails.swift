package import API
package import Chassis
import JSON
package import Kernel
package import Lifecycle

/// Asks the service whose trail it is.
package struct ServiceTrails: TrailSource {
    private let calls: ServiceClient

    package init(_ calls: ServiceClient) { self.calls = calls }

    package func page(_ query: ListAudit, for origin: Origin, until deadline: Deadline) async throws -> Page<
        AuditEntryView
    > {
        guard let service = query.service,
            let view = AuditPageView(
                try await calls.ask(
                    AuditAPI.trail(of: service.name).declaration, query: query.parameters, for: origin, until: deadline)
            )
        else {
            throw Problem.unavailable()
        }
        return view.page
    }
}

/// For what works without other services around it: it has none of their trails.
package struct NoTrails: TrailSource {
    package init() {}

    package func page(_ query: ListAudit, for origin: Origin, until deadline: Deadline) async throws -> Page<
        AuditEntryView
    > {
        throw Problem.unavailable()
    }
}
