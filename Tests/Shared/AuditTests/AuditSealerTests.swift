import Files
import Kernel
import Lifecycle
import Postgres
import TestSupport
import Testing

@testable import Audit

@Suite struct AuditSealerTests {
    @Test func `each committed entry is sealed once, whoever writes and however many seal`() async throws {
        try await ChainFixture.open { fixture in
            struct Undone: Error {}
            try await running([fixture.newSealer(), fixture.newSealer()]) {
                try await withThrowingTaskGroup(of: Void.self) { writers in
                    for writer in 0..<6 {
                        writers.addTask {
                            for number in 0..<20 {
                                _ = try? await fixture.database.transaction { tx in
                                    try await fixture.audit.record(
                                        "note.added", from: ChainFixture.origin, in: tx)
                                    if (number + writer) % 3 == 0 { throw Undone() }
                                }
                            }
                        }
                    }
                    try await writers.waitForAll()
                }
                try await fixture.until("nothing waits") {
                    try await fixture.database.read(Column<Int>("count(*)")) { "select \($0) from audit_unsealed" }.one
                        == 0
                }
            }
            let sealed = try await fixture.batches().flatMap { $0 }
            let there = try await fixture.database.read(Column<Int64>("entry_id")) {
                "select \($0) from audit_entry order by 1"
            }
            #expect(there.count == 80)
            #expect(sealed.sorted() == there)
            #expect(try await fixture.finding() == "whole")
        }
    }

    @Test func `who commits late is sealed later, and nobody waits for them`() async throws {
        try await ChainFixture.open { fixture in
            try await fixture.database.transaction { tx in
                try await fixture.audit.record("note.added", from: ChainFixture.origin, in: tx)
                try await fixture.write(1)
                try await fixture.newSealer().seal()
                #expect(try await fixture.batches() == [[2]])
            }
            try await fixture.newSealer().seal()
            #expect(try await fixture.batches() == [[2], [1]])
            #expect(try await fixture.finding() == "whole")
        }
    }

    @Test func `a sealer that dies before its commit has sealed nothing, and blocks nobody`() async throws {
        try await ChainFixture.open { fixture in
            struct Died: Error {}
            try await fixture.write(2)
            let chain = AuditChain(keys: fixture.keys)
            await #expect(throws: Died.self) {
                try await fixture.database.transaction { tx in
                    #expect(try await chain.tryLock(in: tx))
                    let batch = AuditBatch(
                        after: nil, of: try await chain.waiting(in: tx).compactMap(\.kept), service: "registry",
                        at: fixture.clock.now, keyID: fixture.keys.current.id)
                    _ = try await chain.keep(batch, in: tx)
                    // Writers go on, other sealers leave it.
                    try await fixture.write(1)
                    #expect(try await fixture.newSealer().pass() == false)
                    throw Died()
                }
            }
            #expect(try await fixture.batches().isEmpty)
            // The lock goes with the dead one's transaction, which the server may still be undoing.
            try await fixture.until("another seals all") {
                try await fixture.newSealer().seal()
                return try await fixture.batches() == [[1, 2, 3]]
            }
        }
    }

    @Test func `as a service it seals within a second, and signs when it starts and stops`() async throws {
        try await ChainFixture.open { fixture in
            try await running([fixture.newSealer()]) {
                try await fixture.write(1)
                let begin = MonotonicTime.now
                try await fixture.until("it is sealed and signed") { try await fixture.file.lines()?.count == 1 }
                #expect(begin.duration(to: .now) < .seconds(2))
                try await fixture.write(1)
                try await fixture.until("it is sealed") { try await fixture.batches().count == 2 }
            }
            #expect(try await fixture.file.lines()?.count == 2)
            let report = try await fixture.verify()
            #expect(report.isWhole && report.heads == 2 && report.filedHeads == 2)
        }
    }

    @Test func `a folder that cannot be written keeps nothing from being sealed`() async throws {
        try await ChainFixture.open { fixture in
            let file = LineFile(path: "/dev/null/heads/registry.heads", thread: "audit heads")
            let sealer = AuditSealer(
                database: fixture.database, keys: fixture.keys, file: file, interval: .seconds(1), clock: fixture.clock,
                metrics: fixture.metrics)
            try await running([sealer]) {
                for count in 1...2 {
                    try await fixture.write(1)
                    try await fixture.until("it is sealed") { try await fixture.batches().count == count }
                }
            }
            let report = try await fixture.verify()
            #expect(report.isWhole && report.heads == 2 && report.filedHeads == nil)
        }
    }

    @Test func `a head is signed at the start, with the first batch, and then by the clock`() {
        var schedule = HeadSchedule(interval: .seconds(3600))
        let start = MonotonicTime(nanoseconds: 0)
        func after(_ seconds: Int64) -> MonotonicTime { start.advanced(by: .seconds(seconds)) }
        #expect(schedule.isDue(hasSealed: false, at: start))
        schedule.record(false, at: start)
        #expect(!schedule.isDue(hasSealed: false, at: after(1)))
        #expect(schedule.isDue(hasSealed: true, at: after(1)))
        schedule.record(nil, at: after(1))
        #expect(!schedule.isDue(hasSealed: true, at: after(2)))
        #expect(schedule.isDue(hasSealed: false, at: after(61)))
        schedule.record(true, at: after(61))
        #expect(!schedule.isDue(hasSealed: true, at: after(3660)))
        #expect(schedule.isDue(hasSealed: false, at: after(3661)))
    }

    @Test func `more than fits into one batch becomes several`() async throws {
        try await ChainFixture.open { fixture in
            let entries = try (0..<1500).map { number in
                try fixture.audit.entry("note.added", subject: "note/\(number)", from: ChainFixture.origin)
            }
            try await fixture.database.run(fixture.audit.insertion(of: entries))
            try await fixture.newSealer().seal()
            #expect(try await fixture.batches().map(\.count) == [1000, 500])
            #expect(try await fixture.finding() == "whole")
        }
    }

    @Test func `what is written while a batch is sealed waits for the next look`() async throws {
        try await ChainFixture.open { fixture in
            // With each batch another entry comes; it bears no mark, so that no batch takes it.
            fixture.tamper(
                """
                create function came() returns trigger language plpgsql as $$ begin
                    with late as (insert into audit_entry (at, action) values (now(), 'late') returning entry_id)
                    insert into audit_unsealed select entry_id from late;
                    return null;
                end $$;
                create trigger came after insert on audit_batch for each row execute function came();
                """)
            try await fixture.write(2)
            #expect(try await fixture.newSealer().seal())
            #expect(try await fixture.batches() == [[1, 2]])
            func waiting() async throws -> [Int64] {
                try await fixture.database.read(Column<Int64>("entry_id")) { "select \($0) from audit_unsealed" }
            }
            #expect(try await waiting() == [3])
            try await fixture.write(1)
            #expect(try await fixture.newSealer().seal())
            #expect(try await fixture.batches() == [[1, 2], [4]])
            #expect(try await waiting() == [5])
        }
    }

    @Test func `rows older than marks are sealed, later ones without a mark are not`() async throws {
        let old = """
            insert into registry.audit_entry (at, action) values (now(), 'old'), (now(), 'older');
            insert into registry.audit_unsealed select entry_id from registry.audit_entry
            """
        try await ChainFixture.open(before: old) { fixture in
            try await fixture.write(1)
            try await fixture.newSealer().seal()
            #expect(try await fixture.batches() == [[1, 2, 3]])
            #expect(try await fixture.finding() == "whole")
            try await fixture.database.run(
                AuditLog(clock: fixture.clock).insertion(
                    of: [try fixture.audit.entry("x", subject: nil, from: ChainFixture.origin)]))
            try await fixture.newSealer().seal()
            #expect(try await fixture.finding() == "inserted entry 4")
        }
    }

    @Test func `the keys are made once and opened ever after`() async throws {
        try await ChainFixture.open { fixture in
            let again = try await AuditKeys.open(
                fixture.database, sealer: fixture.sealer, service: "registry", at: fixture.clock.now)
            #expect(again.current.id == fixture.keys.current.id)
            #expect(again.published == fixture.keys.published)
            #expect(try await fixture.database.read(Column<Int>("count(*)")) { "select \($0) from audit_key" }.one == 1)
            await #expect(throws: (any Error).self) {
                _ = try await AuditKeys.read(fixture.database, sealer: fixture.sealer, service: "records")
            }
        }
    }

    @Test func `the service can add to the chain and change nothing of it`() async throws {
        try await ChainFixture.open { fixture in
            try await fixture.threeBatches()
            try await fixture.newSealer().sign()
            let statements: [SQL] = [
                "update audit_batch set mac = mac", "delete from audit_batch", "truncate audit_batch",
                "update audit_checkpoint set head = head", "delete from audit_checkpoint",
                "update audit_key set key_id = '1'",
                "delete from audit_key", "update audit_unsealed set entry_id = 1", "truncate audit_unsealed",
                "update audit_entry set action = 'x'", "delete from audit_entry",
            ]
            for statement in statements {
                await #expect { try await fixture.database.run(statement) } throws: {
                    ($0 as? DatabaseError)?.sqlState == "42501"
                }
            }
        }
    }
}
