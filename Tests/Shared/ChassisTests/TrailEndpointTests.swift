import API
import Audit
import Chassis
import Forms
import Kernel
import Postgres
import Testing
import Web

@Suite struct TrailEndpointTests {
    @Test func `only an administrator is shown a service's trail`() async throws {
        try await ServiceFixture.open { fixture in
            try await fixture.database.transaction { tx in
                try await fixture.audit.record("note.added", from: ServiceFixture.call(key: nil).origin, in: tx)
            }
            let trail = AuditTrail(fixture.database, fixture.audit, of: .registry)
            let asked = AuditAPI.trail(of: .registry).declaration
            let query = try ListAudit(Source(query: [("service", "registry")]))
            let admin = Caller(account: .init(high: 1, low: 1), role: .admin, session: .init(high: 1, low: 1))
            let view = try await trail.show(query, ServiceFixture.call(key: nil, by: admin, asked)).view
            #expect(view.page.items.map(\.action) == ["note.added"])
            await #expect(throws: Problem.notFound) {
                _ = try await trail.show(query, ServiceFixture.call(key: nil, asked))
            }
        }
    }
}
