import Kernel
import Lifecycle
import Net
import Postgres
import TestSupport
import Testing

/// What PostgreSQL is connected to.
struct ConnectionCheckTests {
    private func use(
        _ settings: DatabaseSettings, _ body: @escaping @Sendable (Database) async throws -> Void
    ) async throws {
        let group = EventLoopGroup(count: 1)
        let database = Database(settings, group: group)
        defer {
            database.close()
            group.shutDown()
        }
        try await group.run { try await body(database) }
    }

    private static func expectRefusal(_ database: Database, _ word: String) async {
        await #expect(throws: DatabaseUnavailable(.unreachable)) { try await database.ping() }
        await #expect(throws: DatabaseUnavailable(.unreachable)) { try await database.run("select 1") }
        #expect(database.fault?.reason.contains(word) == true, "\(database.fault?.reason ?? "no fault")")
    }

    @Test func `a hot standby is refused, for reads too, until it is promoted`() async throws {
        let cluster = TestCluster.own()
        let standby = TestStandby(of: cluster)
        try await use(DatabaseSettings(url: standby.url, schema: "public")) { database in
            await Self.expectRefusal(database, "standby")
            #expect(database.fault?.sqlState == "25006")
            let status = await #expect(throws: MigrationFault.self) {
                try await Migrator(database.settings, []).status()
            }
            #expect(status?.description.contains("standby") == true)
            standby.promote()
            try await database.start()
            try await database.run("create table t (n int)")
            #expect(database.fault == nil)
        }
    }

    @Test func `what only reads may be asked of a standby`() async throws {
        let cluster = TestCluster.own()
        let migrations = [Migration(number: 1, name: "one", sql: Array("create table t (n int);".utf8))]
        let primary = DatabaseSettings(url: Secret(cluster.postgres), schema: "public")
        _ = try await Migrator(primary, migrations).migrate()
        let standby = TestStandby(of: cluster)
        var settings = DatabaseSettings(url: standby.url, schema: "public")
        settings.allowsStandby = true
        #expect(try await Migrator(settings, migrations).status().map(\.state) == [.applied])
        await #expect(throws: MigrationFault.self) {
            try await Migrator(settings, migrations + [Migration(number: 2, name: "two", sql: [])]).migrate()
        }
        try await use(settings) { database in
            let count = try await database.transaction(isolation: .repeatableRead) { tx in
                try await tx.run(Column<Int>("count(*)")) { "select \($0) from t" }.one
            }
            #expect(count == 0)
        }
    }

    @Test func `a pooler is found out, whatever its mode and whatever it ignores`() async throws {
        let cluster = TestCluster.own()
        for pooler in [
            TestPooler(before: cluster, .transaction), TestPooler(before: cluster, .session),
            TestPooler(before: cluster, .transaction, ignoring: "options"),
            TestPooler(before: cluster, .session, ignoring: "options"),
        ] {
            let settings = DatabaseSettings(url: pooler.url, schema: "public")
            let fault = await ConnectionFault.met(entering: settings)
            #expect(fault?.isPooler == true && fault?.reason.contains("pooler") == true, "\(fault?.reason ?? "none")")
            try await use(settings) { await Self.expectRefusal($0, "pooler") }
        }
    }

    @Test func `a pooler in session mode is worked behind where that is said, one in transaction mode never`()
        async throws
    {
        let cluster = TestCluster.own()
        try await use(DatabaseSettings(url: Secret(cluster.postgres), schema: "public")) { database in
            for statement: SQL in [
                "create role alone login superuser", "alter role alone set search_path = public, public",
                "create role shared login superuser", "alter role shared set search_path = public, public",
            ] {
                try await database.run(statement)
            }
        }
        let alone = TestPooler(before: cluster, .session, user: "alone", ignoring: "options")
        try await use(DatabaseSettings(url: alone.url, schema: "public", pooler: .session)) { database in
            for _ in 0..<3 {
                try await database.ping()
                try await database.transaction { try await $0.run("select 1") }
                #expect(await ConnectionFault.met(entering: database.settings) == nil)
            }
        }
        let shared = TestPooler(before: cluster, .transaction, user: "shared", ignoring: "options")
        let settings = DatabaseSettings(url: shared.url, schema: "public", pooler: .session)
        _ = await ConnectionFault.met(entering: settings)
        let fault = await ConnectionFault.met(entering: settings)
        #expect(fault?.isPooler == true && fault?.reason.contains("transaction") == true)
    }

    @Test func `a session in another role or schema than the service's is refused`() async throws {
        let cluster = TestCluster.own()
        try await use(DatabaseSettings(url: Secret(cluster.postgres), schema: "public")) { database in
            for statement: SQL in [
                "create role worker", "create role other login superuser", "create role near login superuser",
                "alter role near set search_path = shop, public",
            ] {
                try await database.run(statement)
            }
        }
        // It drops the settings a session begins with, and nobody gave them to the login instead.
        for (user, word) in [("other", "search_path"), ("near", "role")] {
            let pooler = TestPooler(before: cluster, .session, user: user, ignoring: "options")
            try await use(DatabaseSettings(url: pooler.url, schema: "shop", role: "worker", pooler: .session)) {
                await Self.expectRefusal($0, word)
            }
        }
    }
}
