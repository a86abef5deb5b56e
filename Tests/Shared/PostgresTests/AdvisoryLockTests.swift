import Jobs
import Lifecycle
import Net
import Observability
import Postgres
import TestSupport
import Testing

/// Copies of a service, each with a database client of its own, on one PostgreSQL.
struct AdvisoryLockTests {
    /// A copy with one job, which counts its runs.
    private final class Copy: Sendable {
        let database: Database
        let job: PeriodicJob
        let runs: Locked<Int>

        init(_ home: TestDatabase, _ group: EventLoopGroup, schema: String = "public", together: TogetherCounter? = nil)
        {
            let database = Database(home.settings(schema: schema), group: group)
            let runs = Locked(0)
            self.database = database
            self.runs = runs
            job = PeriodicJob(
                "test", every: .milliseconds(2), leader: .advisoryLock("test", of: database), metrics: Metrics(),
                work: {
                    try await together?.count { try await group.loops[0].sleep(.milliseconds(1)) }
                    runs.withLock { $0 += 1 }
                })
        }

        var count: Int { runs.withLock { $0 } }
    }

    /// How many were at it at once, at most.
    private final class TogetherCounter: Sendable {
        private let state = Locked((now: 0, most: 0))
        var most: Int { state.withLock { $0.most } }

        func count(_ body: () async throws -> Void) async throws {
            state.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
            defer { state.withLock { $0.now -= 1 } }
            try await body()
        }
    }

    private static let killing = """
        select pg_terminate_backend(pid, 5000) from pg_locks
        where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
        """

    private func until(
        _ sentence: Comment, on group: EventLoopGroup, _ holds: () async throws -> Bool
    ) async throws {
        if try await !group.comesToHold(holds) { Issue.record("waited in vain until \(sentence)") }
    }

    @Test func `of two copies one leads, and when its connection is killed the other`() async throws {
        try await withDatabase { _, home, group in
            let (first, second) = (Copy(home, group), Copy(home, group))
            for _ in 0..<3 {
                await first.job.once()
                await second.job.once()
            }
            #expect(first.count == 3 && second.count == 0)
            home.script(Self.killing)
            #expect(await second.job.once() == .done)
            #expect(second.count == 1)
            // The old leader finds its lock gone, connects anew, and stands by.
            #expect(await first.job.once() == .done)
            #expect(first.count == 3)
            first.database.close()
            second.database.close()
        }
    }

    @Test func `a leader that ends frees its lock`() async throws {
        try await withDatabase { _, home, group in
            let (first, second) = (Copy(home, group), Copy(home, group))
            await first.job.once()
            await second.job.once()
            #expect(second.count == 0)
            first.database.close()
            try await until("the other leads", on: group) {
                await second.job.once()
                return second.count == 1
            }
            #expect(await first.job.once(logging: false) == nil)
            #expect(first.count == 1)
            second.database.close()
        }
    }

    @Test func `two running jobs are never at it together, and the one left goes on`() async throws {
        try await withDatabase { _, home, group in
            let together = TogetherCounter()
            let (first, second) = (Copy(home, group, together: together), Copy(home, group, together: together))
            await first.job.once()
            try await running([second.job]) {
                try await running([first.job]) {
                    try await until("the first has led for a while", on: group) { first.count > 10 }
                }
                #expect(second.count == 0)
                first.database.close()
                try await until("the second leads", on: group) { second.count > 3 }
            }
            #expect(together.most == 1)
            second.database.close()
        }
    }

    @Test func `services in schemas of their own do not share a lock`() async throws {
        try await withDatabase(prepared: "create schema one; create schema two") { _, home, group in
            let (first, second) = (Copy(home, group, schema: "one"), Copy(home, group, schema: "two"))
            await first.job.once()
            await second.job.once()
            #expect(first.count == 1 && second.count == 1)
            first.database.close()
            second.database.close()
        }
    }
}
