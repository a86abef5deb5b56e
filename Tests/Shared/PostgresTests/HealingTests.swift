import Kernel
import Lifecycle
import Net
import Postgres
import TestSupport
import Testing

struct HealingTests {
    @Test func `backends that are terminated are replaced and no prepared statement is missed`() async throws {
        try await withDatabase(prepared: "create table t (n int)") { database, home, _ in
            for number in 0..<3 {
                let count = try await database.read(Column<Int>("count(*)")) { "select \($0) from t where n >= \(0)" }
                #expect(count == [number])
                try await database.run("insert into t values (\(number))")
                home.script(
                    "select pg_terminate_backend(pid, 2000) from pg_stat_activity where datname = '\(home.name)' and pid <> pg_backend_pid()"
                )
            }
        }
    }

    @Test func `a read whose connection is killed under it is asked again`() async throws {
        try await withDatabase(transactions: 2) { database, _, _ in
            async let slow = database.read(Column<Int>("1")) { "select \($0) from pg_sleep(0.3)" }.count
            let killed = try await database.run(
                """
                select pg_terminate_backend(pid) from pg_stat_activity, pg_sleep(0.1)
                where datname = current_database() and query like 'select 1 from%' and state = 'active'
                """)
            let count = try await slow
            #expect(killed.affected <= 1)
            #expect(count == 1)
        }
    }

    @Test func `a database that is not there is reported at once`() async throws {
        let group = EventLoopGroup(count: 1)
        let settings = DatabaseSettings(url: Secret("postgresql:///x?host=/nonexistent&user=x"), schema: "public")
        let database = Database(settings, group: group)
        try await group.run {
            await #expect(throws: DatabaseUnavailable(.unreachable)) { try await database.read(Column<Int>("1")) }
            await #expect(throws: DatabaseUnavailable(.unreachable)) { try await database.run("select 1") }
            await #expect(throws: DatabaseUnavailable(.unreachable)) {
                try await database.transaction { try await $0.run("select 1") }
            }
        }
        database.close()
        group.shutDown()
    }

    @Test func `a server that lets nobody in is tried a few times a second by a whole process, however many ask`()
        async throws
    {
        let group = EventLoopGroup(count: 4)
        let tries = Locked(0)
        try await group.run {
            let door = try Listener(.loopback(), group: group) { stream in
                tries.withLock { $0 += 1 }
                stream.close()
            }
            let url = "postgresql://x@127.0.0.1:\(door.address.port ?? 0)/x?sslmode=disable"
            let database = Database(DatabaseSettings(url: Secret(url), schema: "public"), group: group)
            let end = Deadline.after(.seconds(2))
            await withTaskGroup(of: Void.self) { tasks in
                for number in 0..<16 {
                    tasks.addTask(executorPreference: group.loops[number % 4]) {
                        while !end.isPast() {
                            if number < 8 {
                                _ = try? await database.ping()
                            } else {
                                _ = try? await database.run("select 1")
                            }
                            try? await group.loops[number % 4].sleep(.milliseconds(5))
                        }
                    }
                }
            }
            database.close()
            await door.close()
        }
        group.shutDown()
        // All that ask at first are let in; from then on one at a time, after 50 ms to 2 s.
        #expect(tries.withLock { $0 } >= 2 && tries.withLock { $0 } <= 20)
    }

    @Test func `a deadlock is run again and both get through`() async throws {
        let tables = "create table t (n int primary key, v int); insert into t values (1, 0), (2, 0)"
        try await withDatabase(prepared: tables) { database, _, _ in
            let tries = Locked(0)
            let work = { @Sendable (first: Int, second: Int) async throws in
                try await database.transaction { tx in
                    tries.withLock { $0 += 1 }
                    try await tx.run("update t set v = v + 1 where n = \(first)")
                    try await tx.run("select pg_sleep(0.05)")
                    try await tx.run("update t set v = v + 1 where n = \(second)")
                }
            }
            async let one: Void = work(1, 2)
            async let two: Void = work(2, 1)
            _ = try await (one, two)
            #expect(try await database.read(Column<Int>("v")) { "select \($0) from t" } == [2, 2])
            #expect(tries.withLock { $0 } >= 3)
        }
    }

    @Test func `a cancelled statement frees its lock and its caller`() async throws {
        try await withDatabase(prepared: "create table t (n int primary key); insert into t values (1)") {
            database, _, group in
            let begun = Latch()
            let task = group.loops[0].spawn("sleeper") {
                _ = try? await database.transaction { tx in
                    try await tx.run("select n from t for update")
                    begun.fire()
                    try await tx.run("select pg_sleep(4)")
                }
            }
            await begun.wait()
            let start = MonotonicTime.now
            task.cancel()
            try await database.run("update t set n = 2")
            await task.value
            #expect(start.duration(to: .now) < .seconds(1.5))
        }
    }

    @Test func `a cancelled read leaves a tombstone and the next answers are not shifted`() async throws {
        try await withDatabase { database, _, group in
            let task = group.loops[0].spawn("reader") {
                _ = try? await database.read(Column<Int>("1")) { "select \($0) from pg_sleep(0.2)" }
            }
            try await group.loops[0].sleep(.milliseconds(50))
            task.cancel()
            let next = try await database.read(Column<Int>("\(7)::int"))
            #expect(next == [7])
        }
    }

    @Test func `a deadline that passes is reported and the connection works on`() async throws {
        try await withDatabase { database, _, _ in
            try await database.run("select 1")
            await #expect(throws: DatabaseUnavailable(.late)) {
                try await database.transaction(until: .after(.milliseconds(100))) {
                    try await $0.run("select pg_sleep(1)")
                }
            }
            try await database.run("select 1")
            await #expect(throws: CommitOutcomeUnknown.self) {
                try await database.run("select pg_sleep(1)", until: .after(.milliseconds(100)))
            }
            try await database.run("select 1")
        }
    }

    @Test func `more transactions than connections wait their turn`() async throws {
        try await withDatabase(transactions: 2) { database, _, _ in
            let done = try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await database.transaction { _ = try await $0.run("select pg_sleep(0.01)") } }
                }
                return try await group.reduce(into: 0) { count, _ in count += 1 }
            }
            #expect(done == 20)
            let seen = try await database.read(Column<Int>("count(*)")) {
                """
                select \($0) from pg_stat_activity
                where datname = current_database() and backend_type = 'client backend'
                """
            }.one
            #expect(seen <= 3)
        }
    }

    @Test func `a connection lost at the commit leaves the outcome open`() async throws {
        let tables = """
            create table t (n int);
            create function die() returns trigger language plpgsql as
                'begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(1); return null; end';
            create constraint trigger t_die after insert on t deferrable initially deferred for each row execute function die()
            """
        try await withDatabase(prepared: tables) { database, _, _ in
            await #expect(throws: CommitOutcomeUnknown.self) {
                try await database.transaction { try await $0.run("insert into t values (1)") }
            }
        }
    }

    @Test func `columns that change under a prepared statement do not disturb a read`() async throws {
        try await withDatabase(prepared: "create table t (n int); insert into t values (1)") { database, home, _ in
            let before = try await database.read(Column<Int>("*")) { "select \($0) from t" }
            home.script("alter table t alter n type bigint")
            let after = try await database.read(Column<Int>("*")) { "select \($0) from t" }
            #expect(before == after)
            try await database.transaction { try await $0.run("select * from t where n > 0") }
            home.script("alter table t add o int")
            try await database.transaction { try await $0.run("select * from t where n > 0") }
        }
    }

    @Test func `a statement or a lock that takes too long is the database's trouble`() async throws {
        try await withDatabase(prepared: "create table t (n int); insert into t values (1)") { database, home, group in
            var settings = home.settings()
            settings.statementTimeout = .milliseconds(300)
            settings.lockTimeout = .milliseconds(50)
            let hasty = Database(settings, group: group)
            await #expect(throws: DatabaseUnavailable(.late)) { try await hasty.read(Column<String>("pg_sleep(2)")) }
            try await database.transaction { tx in
                try await tx.run("update t set n = 2")
                await #expect(throws: DatabaseUnavailable(.busy)) { try await hasty.run("update t set n = 3") }
            }
            hasty.close()
        }
    }

    @Test func `a server that is killed and comes back is found again, with all it had confirmed`() async throws {
        let cluster = TestCluster.own()
        let group = EventLoopGroup(count: 2)
        let database = Database(DatabaseSettings(url: Secret(cluster.postgres), schema: "public"), group: group)
        try await group.run {
            try await database.start()
            try await database.run("create table t (n int)")
            for number in 0..<20 { try await database.run("insert into t values (\(number))") }
            cluster.killPostgres()
            await #expect(throws: DatabaseUnavailable.self) {
                try await database.read(Column<Int>("count(*)")) { "select \($0) from t" }
            }
            let begin = MonotonicTime.now
            await #expect(throws: DatabaseUnavailable.self) { try await database.ping() }
            #expect(begin.duration(to: .now) < .seconds(1.5))
            cluster.startPostgres()
            try await database.start()
            #expect(try await database.read(Column<Int>("count(*)")) { "select \($0) from t" } == [20])
            try await database.transaction { try await $0.run("insert into t values (20)") }
        }
        database.close()
        group.shutDown()
    }
}
