import API
import Audit
import Chassis
import Crypto
import Forms
import HTTP
import JSON
import Kernel
import Lifecycle
import Net
import Postgres
import TestSupport
import Web

/// A service with one table, in a database of its own: what the tests of this module write with.
struct ServiceFixture: Sendable {
    struct GivenClock: WallClock { var now = Instant(seconds: 1_760_000_000) }

    static let add = Endpoint(
        .post, "/api/notes", "addNote", of: .registry, for: .anyone, gives: Created<NoteView>.self, says: "Note added.",
        summary: "Add a note", tag: "Notes")
    static let other = Endpoint(
        .post, "/api/others", "addOther", of: .registry, for: .anyone, gives: Created<NoteView>.self, says: "Added.",
        summary: "Add another", tag: "Notes")

    struct NoteView: View {
        let title: String
        static let shape = Shape<NoteView>("Note", .text("title") { $0.title })
    }

    static let schema = [
        Migration(
            number: 1, name: "notes",
            sql: Array("create table note (note_id bigint generated always as identity, title text not null)".utf8))
    ]
    static let staff = Caller(account: .init(high: 1, low: 2), role: .staff, session: .init(high: 3, low: 4))

    let database: Database
    let home: TestDatabase
    let unit: UnitOfWork
    let audit: AuditLog
    let sealer: Sealer

    static func master() throws -> MasterKey {
        try MasterKey(version: 1, secret: Secret("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"))
    }

    init(
        _ database: Database, _ home: TestDatabase, clock: GivenClock = GivenClock(), sealer given: Sealer? = nil
    ) throws {
        self.home = home
        sealer = try given ?? Sealer(master: Self.master())
        self.database = database
        unit = UnitOfWork(
            database: database,
            idempotency: try IdempotencyStore(
                clock: clock, sealer: sealer, secret: Secret("a secret of the service's own, long")))
        audit = AuditLog(clock: clock)
    }

    /// Runs on a migrated database, as the role that owns nothing.
    static func open(
        loops: Int = 1, transactions: Int = 5, _ body: @escaping @Sendable (ServiceFixture) async throws -> Void
    ) async throws {
        try await withDatabase(
            schema: "registry", role: "registry_service", loops: loops, transactions: transactions
        ) { database, home, _ in
            let settings = home.settings(schema: "registry", role: "registry_service")
            _ = try await Migrator(settings, ChassisSchema.migrations, ledger: ChassisSchema.ledger).migrate()
            _ = try await Migrator(settings, schema).migrate()
            try await body(try ServiceFixture(database, home))
        }
    }

    static func call(
        key: String?, body: String = "{}", isRead: Bool = true, by caller: Caller? = staff,
        from address: String = "192.0.2.7",
        _ declaration: Declaration = add.declaration
    ) -> Call {
        let fingerprint = RequestFingerprint(method: "POST", target: "/")
        fingerprint.add(Array(body.utf8))
        if isRead { fingerprint.end() }
        return .test(declaration, by: caller, from: address, key: key, fingerprint: fingerprint)
    }

    func write(_ title: String, _ call: Call, failing problem: Problem? = nil) async throws -> Created<NoteView> {
        try await unit.write(call) { tx in
            try await tx.run("insert into note (title) values (\(title))")
            if let problem { throw problem }
            return Created(NoteView(title: title), at: "/api/notes/1", version: 1)
        }
    }

    func count() async throws -> Int {
        try await database.read(Column<Int>("count(*)")) { "select \($0) from note" }.one
    }
}
