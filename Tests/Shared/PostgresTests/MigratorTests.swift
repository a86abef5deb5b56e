import Kernel
import Lifecycle
import Net
import Postgres
import TestSupport
import Testing

struct MigratorTests {
    private func migration(_ number: Int, _ sql: String) -> Migration {
        Migration(number: number, name: "step", sql: Array(sql.utf8))
    }

    private func state(_ settings: DatabaseSettings, _ migrations: [Migration]) async throws -> [String] {
        try await Migrator(settings, migrations).status().map { "\($0.number) \($0.state.rawValue)" }
    }

    @Test func `migrations are applied once and in order, by many at once`() async throws {
        let home = TestDatabase.make()
        let settings = home.settings(schema: "shop", role: "praxis_shop_test")
        let steps = [
            migration(1, "create table a (n int); create index on a (n)"), migration(2, "alter table a add m int"),
        ]
        #expect(try await state(settings, steps) == ["1 pending", "2 pending"])
        let applied = try await withThrowingTaskGroup(of: [Int].self) { group in
            for _ in 0..<4 { group.addTask { try await Migrator(settings, steps.reversed()).migrate() } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(applied.sorted() == [1, 2])
        #expect(try await state(settings, steps) == ["1 applied", "2 applied"])
        home.drop()
    }

    @Test func `who waits for another migrator is told its pid, again and again, and goes on when it has ended`()
        async throws
    {
        try await withDatabase(schema: "shop") { database, home, _ in
            let reported = Locked<[MigrationLock.Holder?]>([])
            let isHeld = Latch(), isFree = Latch()
            let lock = MigrationLock(of: "shop", interval: .milliseconds(50)) { holder in
                reported.withLock { $0.append(holder) }
                if reported.withLock({ $0.count }) == 3 { isFree.fire() }
            }
            async let holder = database.transaction { tx in
                try await tx.run("select pg_advisory_xact_lock(hashtextextended('praxis migrations of shop', 0))")
                isHeld.fire()
                await isFree.wait()
                return try await tx.run(Column<Int>("pg_backend_pid()")).one
            }
            await isHeld.wait()
            let steps = [migration(1, "create table a (n int)")]
            #expect(try await Migrator(home.settings(schema: "shop"), steps, lock: lock).migrate() == [1])
            let pid = try await holder
            #expect(reported.withLock { $0.prefix(3).map { $0?.processID } } == [pid, pid, pid])
            #expect(reported.withLock { $0.first??.application } == "praxis")
        }
    }

    @Test func `no lock is left behind on a connection that outlives its migrator`() async throws {
        try await withDatabase(schema: "shop") { database, home, _ in
            _ = try await Migrator(home.settings(schema: "shop"), [migration(1, "create table a (n int)")]).migrate()
            let left = try await database.run(Column<Int>("count(*)")) {
                "select \($0) from pg_locks where locktype = 'advisory'"
            }.one
            #expect(left == 0)
        }
    }

    @Test func `an edited or a missing migration stops it`() async throws {
        let home = TestDatabase.make()
        let settings = home.settings(schema: "shop")
        let first = migration(1, "create table a (n int)"), second = migration(2, "create table b (n int)")
        _ = try await Migrator(settings, [first, second]).migrate()
        let edited = [migration(1, "create table a (n bigint)"), second]
        #expect(try await state(settings, edited) == ["1 edited", "2 applied"])
        await #expect(throws: MigrationFault.self) { try await Migrator(settings, edited).migrate() }
        #expect(try await state(settings, [first]) == ["1 applied", "2 missing"])
        await #expect(throws: MigrationFault.self) { try await Migrator(settings, [first]).migrate() }
        home.drop()
    }

    @Test func `a failing migration leaves nothing behind`() async throws {
        let home = TestDatabase.make()
        let settings = home.settings(schema: "shop")
        let steps = [migration(1, "create table a (n int)"), migration(2, "create table b (n int); select 1 / 0")]
        await #expect(throws: MigrationFault.self) { try await Migrator(settings, steps).migrate() }
        #expect(try await state(settings, steps) == ["1 applied", "2 pending"])
        let mended = [steps[0], migration(2, "create table b (n int)")]
        #expect(try await Migrator(settings, mended).migrate() == [2])
        home.drop()
    }

    @Test func `a migration that commits by itself is refused`() async throws {
        let home = TestDatabase.make()
        let settings = home.settings(schema: "shop")
        let steps = [migration(1, "create table a (n int); commit; create table b (n int)")]
        await #expect(throws: MigrationFault.self) { try await Migrator(settings, steps).migrate() }
        home.drop()
    }

    @Test func `the service's role may use the tables but not change or own them`() async throws {
        try await withDatabase(schema: "shop", role: "praxis_shop_test") { database, _, _ in
            let steps = [
                Migration(
                    number: 1, name: "a", sql: Array("create table a (id int generated always as identity, n int)".utf8)
                )
            ]
            _ = try await Migrator(database.settings, steps).migrate()
            try await database.run("insert into a (n) values (1)")
            for statement: SQL in [
                "drop table a", "alter table a add m int", "select * from migration", "create table c (n int)",
            ] {
                let error = await #expect(throws: DatabaseError.self) { try await database.run(statement) }
                #expect(error?.sqlState == "42501")
            }
        }
    }

    @Test func `a listener hears what is notified and comes back after a break`() async throws {
        try await withDatabase { database, home, group in
            let (events, feed) = AsyncStream.makeStream(of: DatabaseListener.Event.self)
            let listener = DatabaseListener(home.settings(), channels: ["outbox"], on: group.loops[0]) {
                feed.yield($0)
            }
            let shutdown = Shutdown()
            let task = group.loops[0].spawn("listener") {
                try? await Shutdown.$current.withValue(shutdown) { try await listener.run() }
            }
            var received = events.makeAsyncIterator()
            #expect(await received.next() == .connected)
            try await database.run("select pg_notify('outbox', 'one')")
            #expect(await received.next() == .notified(channel: "outbox", payload: "one"))
            home.script(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = '\(home.name)' and query ilike 'listen%'"
            )
            #expect(await received.next() == .connected)
            try await database.run("select pg_notify('outbox', 'two')")
            #expect(await received.next() == .notified(channel: "outbox", payload: "two"))
            shutdown.request()
            await task.value
        }
    }
}
