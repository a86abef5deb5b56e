import API
import Audit
import Chassis
import Crypto
import Forms
import JSON
import Kernel
import Lifecycle
import Messaging
import Postgres
import Scheduling
import TestSupport
import Web

/// A moment that passes only when a test says so. It begins at a Monday's midnight in UTC.
final class GivenClock: WallClock {
    static let monday = Instant(seconds: 1_799_020_800)
    private let moment = Locked(GivenClock.monday)
    var now: Instant { moment.withLock { $0 } }
    func pass(_ duration: Duration) { moment.withLock { $0 = $0 + duration } }
}

/// The whole of scheduling on a database of the test's own, asked by the names of its endpoints.
struct World: Sendable {
    let composition: Composition
    let routes: [String: Route]
    let database: Database
    let home: TestDatabase
    let clock: GivenClock
    let directory: GivenDirectory
    let accounts: GivenAccounts
    let zones: GivenZones
    let people: People

    /// One answer, as far as a handler decides it.
    struct Heard: Sendable {
        let status: Int
        let json: JSONValue
        let frame: ListFrame?
        let location: String?
        let version: Int64?

        var id: String { json["id"]?.string ?? "" }
        subscript(key: String) -> JSONValue? { json[key] }
    }

    func ask(
        _ name: String, as caller: Caller?, id: String? = nil, path: [(name: String, value: String)] = [],
        query: [(name: String, value: String)] = [], _ body: JSONValue? = nil, ifMatch version: Int64? = nil
    ) async throws -> Heard {
        guard let route = routes[name] else { throw Problem(.internalError, "no route \(name)") }
        let call = Call.test(
            route.declaration, by: caller, condition: version.map { .versions([$0]) } ?? .none)
        let path = (id.map { [(name: "id", value: $0)] } ?? []) + path
        let source = Source(path: path, query: query, body: body, now: clock.now)
        return try heard(try await route.answer(source, call))
    }

    /// The problem of a request that is refused; nil when it is not.
    func refusal(_ work: () async throws -> some Sendable) async throws -> Problem? {
        do {
            _ = try await work()
            return nil
        } catch let problem as Problem {
            return problem
        }
    }

    private func heard(_ answer: Answered) throws -> Heard {
        var writer = JSONWriter()
        var frame: ListFrame?
        switch answer.content {
        case .nothing, .download, .events: writer.null()
        case .document(_, let bytes): writer.string(String(decoding: bytes, as: UTF8.self))
        case .item(let write), .bare(let write): write(&writer)
        case .list(let given, let write):
            frame = given
            writer.array { write(&$0) }
        case .members(let write): writer.object { write(&$0) }
        }
        return Heard(
            status: answer.status, json: try JSONReader.read(writer.bytes), frame: frame, location: answer.location,
            version: answer.version)
    }

    func events() async throws -> [String] {
        try await database.read(Column<String>("type")) { "select \($0) from outbox order by position" }
    }

    /// All that was told, as it stands in the outbox.
    func told() async throws -> String {
        try await database.read(Column<String>("coalesce(string_agg(envelope, ''), '')")) { "select \($0) from outbox" }
            .one
    }

    func audit() async throws -> [String] {
        try await database.read(Column<String>("action || ' ' || subject")) {
            "select \($0) from audit_entry order by entry_id"
        }
    }
}

func withWorld(
    loops: Int = 1, transactions: Int = 5, _ body: @escaping @Sendable (World) async throws -> Void
) async throws {
    let role = "praxis_scheduling_test"
    try await withDatabase(schema: "scheduling", role: role, loops: loops, transactions: transactions) {
        database, home, _ in
        let settings = home.settings(schema: "scheduling", role: role)
        _ = try await Migrator(settings, ChassisSchema.migrations, ledger: ChassisSchema.ledger).migrate()
        _ = try await Migrator(settings, Schema.migrations).migrate()
        let clock = GivenClock()
        let people = People()
        let directory = GivenDirectory()
        directory.set { people.enter(into: &$0) }
        let accounts = GivenAccounts()
        let zones = GivenZones()
        let master = try MasterKey(version: 1, secret: Secret(Hex.encode([UInt8](repeating: 7, count: 32))))
        let composition = try await Composition(
            .init(
                database: database, unit: UnitOfWork(database: database),
                ledger: Ledger(outbox: Outbox(source: "scheduling", clock: clock), audit: AuditLog(clock: clock)),
                clock: clock, sealer: Sealer(master: master), directory: directory, accounts: accounts,
                zones: zones),
            SchedulingSettings(hold: .seconds(300)))
        let routes = Dictionary(uniqueKeysWithValues: composition.routes.all.map { ($0.declaration.name, $0) })
        try await body(
            World(
                composition: composition, routes: routes, database: database, home: home, clock: clock,
                directory: directory, accounts: accounts, zones: zones, people: people))
    }
}
