package import API
import Audit
import Chassis
import Forms
package import Kernel
package import Lifecycle
import Observability
package import Web

/// The audit trails as administrators read them. That somebody read is itself a line of identity's.
package struct Trail: Sendable {
    let own: AuditTrail
    let others: any TrailSource
    let accesses: AccessLog

    /// How long a service of several may take; the list is shown without one that is slower.
    static let timeout: Duration = .seconds(2)

    package func list(_ query: ListAudit, _ call: Call) async throws -> PartialListing<AuditEntryView> {
        let listing =
            if let service = query.service {
                PartialListing(
                    try await page(of: service, query, call.origin, until: call.deadline), asked: query.page,
                    without: [])
            } else { try await merged(query, call) }
        // After reading, so that nobody's page begins with themselves; before answering, so that nobody reads unseen.
        let subject = "audit/\(query.service?.rawValue ?? "all")"
        try await accesses.seen("audit.read", subject: subject, from: call.origin)
        return listing
    }

    /// What was done last, in all services that answer.
    func recent(_ count: Int, _ call: Call) async throws -> [AuditEntryView] {
        let query = try ListAudit(
            Source(query: [(name: "cursor", value: ""), (name: "page_size", value: String(count))]))
        let entries = try await merged(query, call).page.items
        try await accesses.seen("audit.read", subject: "audit/all", from: call.origin)
        return entries
    }

    private func page(
        of service: AuditedService, _ query: ListAudit, _ origin: Origin, until deadline: Deadline
    ) async throws -> Page<AuditEntryView> {
        service == .identity ? try await own.page(query) : try await others.page(query, for: origin, until: deadline)
    }

    /// All services are asked at once. Without its own trail identity has nothing to say.
    private func merged(_ query: ListAudit, _ call: Call) async throws -> PartialListing<AuditEntryView> {
        let places = try places(query.page)
        let deadline = min(Deadline.after(Self.timeout), call.deadline)
        let pages = try await withThrowingTaskGroup(of: (AuditedService, Page<AuditEntryView>?).self) { tasks in
            for service in AuditedService.allCases {
                let query = query.part(of: service, from: places.cursor(of: service))
                tasks.addTask {
                    do { return (service, try await page(of: service, query, call.origin, until: deadline)) } catch {
                        guard service != .identity else { throw error }
                        log.warning("a trail is missing in the list of all", ["service": service.rawValue])
                        return (service, nil)
                    }
                }
            }
            var pages: [AuditedService: Page<AuditEntryView>] = [:]
            for try await (service, page) in tasks { pages[service] = page }
            return pages
        }
        let merged = MergedTrail(pages, from: places, size: query.page.size)
        return PartialListing(
            Page(items: merged.entries, total: nil, nextCursor: merged.next?.text),
            asked: PageRequest(position: .after(nil), size: query.page.size),
            without: AuditedService.allCases.filter { pages[$0] == nil }.map(\.rawValue))
    }

    private func places(_ page: PageRequest) throws(Problem) -> TrailPlaces {
        if case .page(let number) = page.position, number > 1 {
            throw .field(
                "page", "The list of all services has no numbered pages: it goes on with `cursor`, as `next` says.")
        }
        return try page.cursor().map { cursor throws(Problem) in try TrailPlaces(cursor) } ?? TrailPlaces()
    }
}

/// Whoever has the trails of the other services.
package protocol TrailSource: Sendable {
    /// - Parameter query: names the service.
    func page(_ query: ListAudit, for origin: Origin, until deadline: Deadline) async throws -> Page<AuditEntryView>
}
