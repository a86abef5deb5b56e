import API
import Forms
import Kernel
import Postgres
import TestSupport
import Testing

@testable import Audit

/// What a look of the sealer costs beside a trail of years, and a list of somebody's few entries.
@Suite struct LongTrailTests {
    @Test func `a look reads what waits and not the trail, whatever PostgreSQL knows of either`() async throws {
        try await ChainFixture.open { fixture in
            let sealer = fixture.newSealer()
            try await fixture.write()
            try await sealer.seal()
            let read = ReadRows(fixture.database, fixture.home, schema: "registry")
            // Each batch leaves a few dead rows behind, which nothing removes here.
            let exceeding = try await read.exceeding(
                200, beside: Self.trail,
                lists: [
                    ("a look at nothing", { try await sealer.seal() }),
                    (
                        "a batch of one",
                        {
                            try await fixture.write()
                            #expect(try await sealer.seal())
                        }
                    ),
                ])
            #expect(exceeding == [])
        }
    }

    @Test func `a batch of a long backlog reads a batch of it`() async throws {
        try await ChainFixture.open { fixture in
            let read = ReadRows(fixture.database, fixture.home, schema: "registry")
            let chain = AuditChain(keys: fixture.keys)
            let look: @Sendable () async throws -> Void = {
                _ = try await fixture.database.transaction { tx in try await chain.backlog(in: tx) }
            }
            let batch: @Sendable () async throws -> Void = {
                _ = try await fixture.database.transaction { tx in try await chain.waiting(in: tx) }
            }
            let exceeding = try await read.exceeding(
                9 * AuditChain.limit, beside: { Self.trail($0) + Self.backlog },
                lists: [("a look", look), ("a batch", batch)])
            #expect(exceeding == [])
        }
    }

    @Test func `a list of one actor, role or action reads no entries of others`() async throws {
        try await ChainFixture.open { fixture in
            for _ in 0..<3 { try await fixture.write() }
            let read = ReadRows(fixture.database, fixture.home, schema: "registry")
            let trail = AuditTrail(fixture.database, fixture.audit, of: .registry)
            var lists: [ReadRows.Ask] = []
            let filters = [("actor", "\(ChainFixture.staff.account)"), ("role", "staff"), ("action", "note.added")]
            for (name, value) in filters {
                for cursor in [nil, Cursor(id: "3").text] {
                    let given = [(name: name, value: value)] + (cursor.map { [(name: "cursor", value: $0)] } ?? [])
                    let query = try ListAudit(Source(query: given, now: fixture.clock.now))
                    lists.append(("\(name), cursor \(cursor ?? "none")", { _ = try await trail.page(query) }))
                }
            }
            #expect(try await read.exceeding(200, beside: Self.trail, lists: lists) == [])
        }
    }

    /// An entry of before for each number, each of a moment of its own.
    private static func trail(_ numbers: ClosedRange<Int>) -> String {
        """
        insert into audit_entry (at, action, actor_id, actor_role, mark)
        select timestamptz '2020-01-01' + n * interval '1 minute', 'patient_viewed', '0190a5e4-0000-7000-8000-000000000001', 'admin',
            decode(md5(n::text), 'hex')
        from generate_series(\(numbers.lowerBound), \(numbers.upperBound)) n;
        """
    }

    private static let backlog = "insert into audit_unsealed select entry_id from audit_entry on conflict do nothing;"
}
