import API
import Audit
import Chassis
import Forms
import JSON
import Kernel
import Lifecycle
import Messaging
import Postgres
import Registry
import TestSupport
import Web

/// A moment that passes only when a test says so.
final class GivenClock: WallClock {
    private let moment = Locked(Instant(seconds: 1_760_000_000))
    var now: Instant { moment.withLock { $0 } }
    func pass(_ duration: Duration) { moment.withLock { $0 = $0 + duration } }
}

/// Identity, as far as registering asks it.
final class GivenAccounts: AccountSource {
    struct State {
        var opened: [ID<Account>] = []
        var pending: [PendingAccount] = []
        var confirmed: [ID<Account>] = []
        var refusal: Problem?
        var confirms = true
        /// Usernames that somebody has.
        var usernames: Set<String> = []
    }
    private let state = Locked(State())
    var seen: State { state.withLock { $0 } }
    func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    func open(
        _ account: PendingAccount, for origin: Origin, until deadline: Deadline
    ) async throws -> PendingAccountView {
        if let refusal = state.withLock({ $0.refusal }) { throw refusal }
        let id = ID<Account>.make(at: Instant(seconds: 1_760_000_000))
        return state.withLock {
            $0.opened.append(id)
            $0.pending.append(account)
            let username =
                switch account.username {
                case .chosen(let name)?: name
                case .numbered(let stem)?: $0.usernames.contains(stem) ? stem + "2" : stem
                case nil: "user\($0.opened.count)"
                }
            $0.usernames.insert(username)
            return PendingAccountView(account: id, username: username)
        }
    }

    func isTaken(username: String, for origin: Origin, until deadline: Deadline) async throws -> Bool {
        state.withLock { $0.usernames.contains(username.lowercased()) }
    }

    func confirm(_ account: ID<Account>, for origin: Origin, until deadline: Deadline) async throws {
        guard state.withLock({ $0.confirms }) else { throw Problem.unavailable() }
        state.withLock { $0.confirmed.append(account) }
    }
}

/// Scheduling, as far as registry asks it.
final class GivenAppointments: AppointmentSource {
    struct State {
        var patients: [ID<Patient>] = []
        var ahead: [ID<Doctor>: [ID<Appointment>]] = [:]
        var open: [ID<Department>: Int] = [:]
        var isAway = false
        /// How many patients were asked for, by each question.
        var asked: [Int] = []
    }
    private let state = Locked(State())
    var seen: State { state.withLock { $0 } }
    func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    private func asked() throws(Problem) -> State {
        let state = state.withLock { $0 }
        if state.isAway { throw .unavailable() }
        return state
    }

    func patients(
        of hospital: ID<Hospital>, after: ID<Patient>?, atMost limit: Int, for origin: Origin, until deadline: Deadline
    ) async throws -> [ID<Patient>] {
        let all = try asked().patients.sorted()
        set { $0.asked.append(limit) }
        return Array(all.filter { patient in after.map { $0 < patient } ?? true }.prefix(limit))
    }

    func ahead(
        of doctor: ID<Doctor>, for origin: Origin, until deadline: Deadline
    ) async throws -> [ID<Appointment>] { try asked().ahead[doctor] ?? [] }

    func open(
        in department: ID<Department>, for origin: Origin, until deadline: Deadline
    ) async throws -> Int { try asked().open[department] ?? 0 }
}

/// The whole of registry on a database of the test's own, asked by the names of its endpoints.
struct World: Sendable {
    let routes: [String: Route]
    let database: Database
    let clock: GivenClock
    let accounts: GivenAccounts
    let appointments: GivenAppointments
    let reaction: OnIdentityEvent
    let handler: EventHandler
    let sealProviders: SealProviders
    let home: TestDatabase

    let alice = Fixture.caller(1)
    let bob = Fixture.caller(2)
    let admin = Fixture.caller(3, .admin)

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
        _ name: String, as caller: Caller? = nil, id: String? = nil, query: [(name: String, value: String)] = [],
        _ body: JSONValue? = nil, ifMatch version: Int64? = nil, anonymous: Bool = false
    ) async throws -> Heard {
        guard let route = routes[name] else { throw Problem(.internalError, "no route \(name)") }
        let call = Call.test(
            route.declaration, by: anonymous ? nil : caller ?? alice,
            condition: version.map { .versions([$0]) } ?? .none)
        let path = id.map { [(name: "id", value: $0)] } ?? []
        let source = Source(path: path, query: query, body: body, now: clock.now)
        return try heard(try await route.answer(source, call))
    }

    private func heard(_ answer: Answered) throws -> Heard {
        var writer = JSONWriter()
        var frame: ListFrame?
        switch answer.content {
        case .nothing, .document, .download, .events: writer.null()
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
        try await database.read(Column<String>("string_agg(envelope, '')")) { "select \($0) from outbox" }.one
    }

    func audit() async throws -> [String] {
        try await database.read(Column<String>("action || ' ' || subject || ' ' || actor_id")) {
            "select \($0) from audit_entry order by entry_id"
        }
    }

    /// The documented body of an input.
    static func example<Body: Input>(_: Body.Type) throws -> JSONValue {
        guard let example = Body.example else { throw Problem(.internalError, "no example") }
        return example
    }

    static let jane: JSONValue = [
        "first_name": "Jane", "last_name": "Smith", "email": "jane.smith@example.com", "date_of_birth": "1990-05-15",
        "phone": "+1234567890",
    ]
}

func withWorld(_ body: @escaping @Sendable (World) async throws -> Void) async throws {
    let role = "praxis_registry_test"
    try await withDatabase(schema: "registry", role: role) { database, home, _ in
        let settings = home.settings(schema: "registry", role: role)
        _ = try await Migrator(settings, ChassisSchema.migrations, ledger: ChassisSchema.ledger).migrate()
        _ = try await Migrator(settings, Schema.migrations).migrate()
        let clock = GivenClock()
        let accounts = GivenAccounts()
        let appointments = GivenAppointments()
        let dependencies = Composition.Dependencies(
            database: database, unit: UnitOfWork(database: database),
            ledger: Ledger(outbox: Outbox(source: "registry", clock: clock), audit: AuditLog(clock: clock)),
            clock: clock,
            sealer: try Fixture.sealer(), accounts: accounts, appointments: appointments)
        let composition = try await Composition(dependencies)
        let routes = Dictionary(uniqueKeysWithValues: composition.routes.all.map { ($0.declaration.name, $0) })
        try await body(
            World(
                routes: routes, database: database, clock: clock, accounts: accounts, appointments: appointments,
                reaction: composition.reaction, handler: composition.handler, sealProviders: composition.sealProviders,
                home: home))
    }
}
