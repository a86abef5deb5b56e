import API
import Forms
import JSON
import Kernel
import Postgres
import Testing

@testable import Audit

@Suite struct AccessLogTests {
    @Test func `those who come at once share commits, and each has a row`() async throws {
        try await ChainFixture.open { fixture in
            let accesses = AccessLog(fixture.audit, fixture.database)
            try await withThrowingTaskGroup(of: Void.self) { readers in
                for number in 0..<60 {
                    readers.addTask {
                        try await accesses.seen(
                            "note.read", subject: "note/\(number)", from: ChainFixture.origin)
                    }
                }
                try await readers.waitForAll()
            }
            let row = try await fixture.database.read(
                "select count(*), count(distinct subject), count(distinct xmin::text) from audit_entry"
            ).one
            #expect(try row.integer(0) == 60)
            #expect(try row.integer(1) == 60)
            #expect(try row.integer(2) < 30)
            try await fixture.newSealer().seal()
            #expect(try await fixture.finding() == "whole")
        }
    }

    @Test func `where no row can be written nothing is shown`() async throws {
        try await ChainFixture.open { fixture in
            let accesses = AccessLog(fixture.audit, fixture.database)
            fixture.tamper("revoke insert on audit_entry from registry_service")
            for _ in 0..<2 {
                await #expect(throws: (any Error).self) {
                    try await accesses.seen("note.read", subject: nil, from: ChainFixture.origin)
                }
            }
            fixture.tamper("grant insert on audit_entry to registry_service")
            try await accesses.seen("note.read", subject: nil, from: ChainFixture.origin)
        }
    }

    @Test func `a reader who goes away takes nobody along`() async throws {
        try await ChainFixture.open { fixture in
            let accesses = AccessLog(fixture.audit, fixture.database)
            try await withThrowingTaskGroup(of: Void.self) { readers in
                for number in 0..<20 {
                    readers.addTask {
                        try await withThrowingTaskGroup(of: Void.self) { one in
                            one.addTask {
                                try await accesses.seen(
                                    "note.read", subject: "note/\(number)", from: ChainFixture.origin)
                            }
                            if number % 4 == 0 { one.cancelAll() }
                            while let result = await one.nextResult() {
                                if case .failure(let error) = result, !(error is CancellationError) { throw error }
                            }
                        }
                    }
                }
                try await readers.waitForAll()
            }
            let rows = try await fixture.database.read(
                "select count(distinct subject) from audit_entry where substring(subject from 6)::int % 4 <> 0")
            #expect(try rows.one.integer(0) == 15)
        }
    }
}

@Suite struct AuditTrailTests {
    @Test func `the trail is filtered, walked by its cursor, and says what is sealed`() async throws {
        try await ChainFixture.open { fixture in
            try await fixture.threeBatches()
            try await fixture.write(1)
            let trail = AuditTrail(fixture.database, fixture.audit, of: .registry)
            func ask(_ query: [(name: String, value: String)]) async throws -> Page<AuditEntryView> {
                try await trail.page(try ListAudit(Source(query: query)))
            }
            let first = try await ask([("page_size", "5")]).items
            #expect(first.map(\.id) == ["13", "12", "11", "10", "9"])
            #expect(first.map(\.batch) == [nil, 3, 3, 3, 3])
            #expect(first.first?.address == "192.0.2.7")
            #expect(first.first?.service == "registry" && first.first?.role == "staff")
            var (ids, cursor): ([String], String?) = ([], "")
            while let given = cursor {
                let page = try await ask([("cursor", given), ("page_size", "4")])
                ids += page.items.map(\.id)
                cursor = page.nextCursor
            }
            #expect(ids == (1...13).reversed().map(String.init))
            #expect(try await ask([("role", "admin")]).items.isEmpty)
            #expect(try await ask([("role", "staff"), ("action", "note.added")]).items.count == 13)
            #expect(try await ask([("from", "2025-10-09T08:53:21Z")]).items.isEmpty)
            #expect(
                try await ask([("to", "2025-10-09T08:53:21Z"), ("actor", "\(ChainFixture.staff.account)")]).items
                    .count == 13)
        }
    }

    @Test func `what services hand to each other arrives as it was`() async throws {
        try await ChainFixture.open { fixture in
            try await fixture.threeBatches()
            let trail = AuditTrail(fixture.database, fixture.audit, of: .registry)
            let query = try ListAudit(Source(query: [("cursor", ""), ("page_size", "2"), ("service", "registry")]))
            let passed = try ListAudit(Source(query: query.parameters))
            #expect(passed.page == query.page && passed.service == .registry)
            let view = AuditPageView(try await trail.page(passed))
            var json = JSONWriter()
            AuditPageView.shape.write(view, to: &json)
            let read = try #require(AuditPageView(try JSONReader.read(json.bytes)))
            #expect(read.page.items.map(\.id) == ["12", "11"])
            #expect(read.page.items.map(\.batch) == [3, 3])
            #expect(read.page.items.first?.at == fixture.clock.now)
            #expect(read.next == "11")
        }
    }
}
