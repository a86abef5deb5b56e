import API
import Audit
import Chassis
import Crypto
import Forms
import Glibc
import JSON
import Kernel
import Lifecycle
import Messaging
import Net
import Postgres
import Records
import Redis
import Settings
import TestSupport
import Web

/// A moment that passes only when a test says so.
final class GivenClock: WallClock {
    private let moment = Locked(Instant(seconds: 1_760_000_000))
    var now: Instant { moment.withLock { $0 } }
    func pass(_ duration: Duration) { moment.withLock { $0 = $0 + duration } }
}

/// The whole of records on a database of the test's own, asked by the names of its endpoints, beside a model that
/// answers as the test says.
struct World: Sendable {
    let routes: [String: Route]
    let database: Database
    let clock: GivenClock
    let model: HTTPSink
    let redis: RedisClient?
    let home: TestDatabase
    let access: RecordAccess
    let patientKeys: PatientKeys
    let reaction: OnRegistryEvent
    let sealer: Sealer
    let people: GivenPeople
    let prescribing: GivenPrescribing
    let sweeper: SweepFiles
    /// Where files are kept.
    let folder: String

    static func caller(_ number: UInt64, _ role: Role, at hospital: UInt64? = nil) -> Caller {
        Caller(
            account: ID(high: 0xA, low: number), role: role, tenant: hospital.map { ID(high: 0xD, low: $0) },
            session: ID(high: 0xB, low: number))
    }
    let ada = World.caller(1, .patient)
    let bob = World.caller(2, .doctor)
    let admin = World.caller(3, .admin)
    /// A hospital, its doctors, a second patient, and somebody of the staff.
    let hospital = World.caller(4, .hospital, at: 100)
    let emily = World.caller(5, .doctor, at: 100)
    let raj = World.caller(6, .doctor, at: 100)
    let eve = World.caller(7, .patient)
    let staff = World.caller(8, .staff)
    /// The records of `ada` and `eve`, and one that nobody has.
    let adasRecord = ID<Patient>(high: 0xBA, low: 1)
    let evesRecord = ID<Patient>(high: 0xBA, low: 7)
    let noRecord = ID<Patient>(high: 0xBA, low: 99)

    /// One answer, as far as a handler decides it.
    struct Heard: Sendable {
        let status: Int
        let json: JSONValue
        let frame: ListFrame?

        init(_ answer: Answered) throws {
            var writer = JSONWriter()
            var given: ListFrame?
            switch answer.content {
            case .item(let write), .bare(let write): write(&writer)
            case .list(let frame, let write):
                given = frame
                writer.array { write(&$0) }
            default: writer.null()
            }
            status = answer.status
            json = try JSONReader.read(writer.bytes)
            frame = given
        }

        subscript(key: String) -> JSONValue? { json[key] }
        var names: [String] { (json["medicines"]?.array ?? []).compactMap { $0["name"]?.string } }
        var excluded: [String] { (json["excluded"]?.array ?? []).compactMap { $0["name"]?.string } }
        var text: String { String(decoding: json.bytes, as: UTF8.self) }
    }

    func ask(
        _ name: String, as caller: Caller? = nil, _ body: JSONValue? = nil,
        path: [String: String] = [:], query: [(name: String, value: String)] = [], key: String? = nil
    ) async throws -> Heard {
        guard let route = routes[name] else { throw Problem(.internalError, "no route \(name)") }
        let call = Call.test(route.declaration, by: caller ?? ada, key: key)
        return try Heard(
            try await route.answer(
                Source(path: path.map { (name: $0, value: $1) }, query: query, body: body, now: clock.now), call))
    }

    func recommend(
        _ symptoms: String = "fever", as caller: Caller? = nil, allergies: JSONValue = "none",
        medicines: JSONValue = "none", key: String? = nil
    ) async throws -> Heard {
        try await ask(
            "recommendMedicines", as: caller,
            [
                "symptoms": .string(symptoms), "age": 40, "gender": "M", "allergies": allergies,
                "current_medications": medicines,
            ], key: key)
    }

    func faults() async throws -> [String] {
        try await database.read(Column<String?>("fault"), as: Scope(admin)) {
            "select \($0) from advice order by advice_id"
        }.map { $0 ?? "none" }
    }
}

/// A model's answer of these medicines, as OpenAI's API writes it.
enum ModelAnswer {
    static func http(_ body: String, status: String = "200 OK", _ more: String = "") -> String {
        "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
            + "Connection: close\r\n\(more)\r\n\(body)"
    }

    static func saying(_ content: String) -> String {
        let json: JSONValue = ["choices": [["message": ["role": "assistant", "content": .string(content)]]]]
        return http(String(decoding: json.bytes, as: UTF8.self))
    }

    static func naming(_ names: String...) -> String {
        let medicines = names.map { name -> JSONValue in
            [
                "name": .string(name), "dosage": "500 mg", "frequency": "twice a day", "duration": "3 days",
                "instructions": "Take with water",
            ]
        }
        return saying(
            String(decoding: JSONValue.object([.init(key: "medicines", value: .array(medicines))]).bytes, as: UTF8.self)
        )
    }
}

/// - Parameters:
///   - replies: what the model says, one for each connection; none sets up no model.
///   - redis: whether answers are kept.
func withWorld(
    _ replies: [HTTPSink.Reply] = [], seconds: Int = 1, redis: Bool = false,
    _ body: @escaping @Sendable (World) async throws -> Void
) async throws {
    let role = "praxis_records_test"
    let kept = redis ? TestRedis() : nil
    defer { kept?.stop() }
    let sink = HTTPSink(replies)
    let pool = BlockingPool(name: "model sink", threads: 1, queue: 1)
    let printing = BlockingPool(name: "documents", threads: 1, queue: 4)
    try await withDatabase(schema: "records", role: role) { database, home, group in
        let settings = home.settings(schema: "records", role: role)
        _ = try await Migrator(settings, ChassisSchema.migrations, ledger: ChassisSchema.ledger).migrate()
        _ = try await Migrator(settings, Schema.migrations).migrate()
        let clock = GivenClock()
        let sealer = Sealer(master: try MasterKey(version: 1, secret: Secret(String(repeating: "b2", count: 32))))
        let people = GivenPeople()
        let prescribing = GivenPrescribing()
        let folder = "/tmp/praxis-records-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let client = kept.map { RedisClient($0.settings, group: group) }
        var reader = SettingsReader(
            Environment(
                process: [
                    "LLM_BASE_URL": replies.isEmpty
                        ? "https://model.example/v1" : "http://127.0.0.1:\(sink.port)/v1",
                    "GROQ_API_KEY": replies.isEmpty ? "" : "key-1", "LLM_TIMEOUT_SECONDS": String(seconds),
                    "FILES_FOLDER": folder,
                ]))
        let idempotency = try IdempotencyStore(
            clock: clock, sealer: sealer, secret: Secret(String(repeating: "s", count: 32)))
        let composition = try await Composition(
            Composition.Dependencies(
                database: database, unit: UnitOfWork(database: database, idempotency: idempotency),
                ledger: Ledger(outbox: Outbox(source: "records", clock: clock), audit: AuditLog(clock: clock)),
                clock: clock, sealer: sealer, directory: people, appointments: people, factors: people,
                prescribing: prescribing, printing: printing, redis: client, loop: group.any()),
            try RecordsSettings(&reader))
        let world = World(
            routes: Dictionary(uniqueKeysWithValues: composition.routes.all.map { ($0.declaration.name, $0) }),
            database: database, clock: clock, model: sink, redis: client, home: home, access: composition.access,
            patientKeys: composition.patientKeys, reaction: composition.reaction, sealer: sealer, people: people,
            prescribing: prescribing, sweeper: composition.files.sweeper, folder: folder)
        people.enter(world)
        async let served: Void = pool.run { sink.serveAll() }
        let result: Result<Void, any Error>
        do { result = .success(try await body(world)) } catch { result = .failure(error) }
        sink.stop()
        try await served
        client?.close()
        try result.get()
    }
    pool.shutDown()
    printing.shutDown()
}
