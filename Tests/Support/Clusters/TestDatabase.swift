internal import Glibc
package import Kernel
internal import Lifecycle
package import Net
internal import Pooling
package import Postgres

/// A database of one test's own, cloned from a template in a few milliseconds and dropped at the end.
package struct TestDatabase: Sendable {
    package let name: String
    package let url: Secret

    private static let counter = Locked(0)

    /// An empty database, or a copy of `template`, to which nobody may be connected.
    package static func make(from template: TestDatabase? = nil) -> TestDatabase {
        let number = counter.withLock { counter in
            counter += 1
            return counter
        }
        let database = TestDatabase(name: "test_\(getpid())_\(number)")
        psql("create database \(database.name) template \(template?.name ?? "template1")")
        return database
    }

    private init(name: String) {
        self.name = name
        url = Secret(TestCluster.shared.postgres.replacingDatabase(with: name))
    }

    package func drop() { Self.psql("drop database if exists \(name) with (force)") }

    /// Settings that fit a test: few connections, and time to connect on a busy machine.
    package func settings(schema: String = "public", role: String? = nil, transactions: Int = 5) -> DatabaseSettings {
        DatabaseSettings(
            url: url, schema: schema, role: role,
            transactions: PoolLimits(connections: transactions, wait: .seconds(5)), connectTimeout: .seconds(5))
    }

    /// The same database as the login that owns its tables, whoever the service works as.
    package func asOwner<Result: Sendable>(
        of schema: String, _ body: (Database) async throws -> Result
    ) async throws -> Result {
        let group = EventLoopGroup(count: 1)
        let database = Database(settings(schema: schema), group: group)
        defer {
            database.close()
            group.shutDown()
        }
        return try await body(database)
    }

    /// Runs a script as the superuser in this database.
    package func script(_ sql: String) { Self.psql(sql, in: url.expose()) }

    private static func psql(_ sql: String, in url: String = TestCluster.shared.postgres) {
        let (status, output) = Child.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql])
        precondition(status == 0, "psql: \(output)")
    }
}

extension String {
    /// The URI with another database: `postgresql://host/old?x=y` → `postgresql://host/new?x=y`.
    fileprivate func replacingDatabase(with name: String) -> String {
        let question = firstIndex(of: "?") ?? endIndex
        let slash = self[..<question].lastIndex(of: "/") ?? question
        return self[..<slash] + "/" + name + self[question...]
    }
}

/// Six connections each, of the 200 that a server of ours has.
private let rooms = Rooms(20)

/// Runs a test on the first loop of a group of its own, with a database and a client of its own.
package func withDatabase(
    schema: String = "public", role: String? = nil, loops: Int = 1, transactions: Int = 5, prepared: String = "",
    _ body: @escaping @Sendable (Database, TestDatabase, EventLoopGroup) async throws -> Void
) async throws {
    await rooms.enter()
    defer { rooms.leave() }
    let home = TestDatabase.make()
    if !prepared.isEmpty { home.script(prepared) }
    let group = EventLoopGroup(count: loops)
    let database = Database(home.settings(schema: schema, role: role, transactions: transactions), group: group)
    let result: Result<Void, any Error>
    do {
        result = .success(try await group.run { try await body(database, home, group) })
    } catch {
        result = .failure(error)
    }
    database.close()
    group.shutDown()
    home.drop()
    return try result.get()
}
