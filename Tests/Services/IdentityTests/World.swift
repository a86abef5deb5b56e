import API
import Audit
import Chassis
import Crypto
import Forms
import Identity
import JSON
import Kernel
import Lifecycle
import Messaging
import Net
import Observability
import Postgres
import Settings
import TestSupport
import Web

/// A moment that passes only when a test says so.
final class GivenClock: WallClock {
    private let moment: Locked<Instant>
    init(_ start: Instant = Instant(seconds: 1_760_000_000)) { moment = Locked(start) }
    var now: Instant { moment.withLock { $0 } }
    func pass(_ duration: Duration) { moment.withLock { $0 = $0 + duration } }
}

/// Entries of another service: those a test names.
final class GivenRegistrations: RegistrationSource {
    private let known = Locked<Set<ID<Account>>?>([])

    /// Nil: the other service is away.
    func set(_ accounts: Set<ID<Account>>?) { known.withLock { $0 = accounts } }

    func knows(_ account: ID<Account>) async throws -> Bool {
        guard let known = known.withLock({ $0 }) else { throw Problem.unavailable() }
        return known.contains(account)
    }
}

/// Identity on a database of the test's own, with hashing made cheap.
struct World: Sendable {
    let composition: Composition
    let database: Database
    let clock: GivenClock
    let dependencies: Composition.Dependencies
    let settings: IdentitySettings
    let home: TestDatabase
    let registrations: GivenRegistrations

    /// Another process on the same database.
    func another() async throws -> Composition { try await Composition(dependencies, settings) }

    static let strong = "SecurePass123!"
    /// PBKDF2 of it with the salt "salt" and one round.
    static let djangoHash = "QuKDhFqOYe8lDtzYSDcl69VaPyhpsUWV4L2b2culw5k="

    func call(
        _ declaration: Declaration, as caller: Caller? = nil, key: String? = nil, condition: Condition = .none
    ) -> Call {
        .test(declaration, by: caller, key: key, condition: condition)
    }

    /// The body as a client would send it.
    static func registration(
        _ email: String, name: String = "Dr. Maria Novak", password: String = strong, username: String? = nil
    ) -> JSONValue {
        var members = [
            JSONMember(key: "name", value: .string(name)), JSONMember(key: "email", value: .string(email)),
            JSONMember(key: "password", value: .string(password)),
            JSONMember(key: "password_confirm", value: .string(password)),
        ]
        if let username { members.append(JSONMember(key: "username", value: .string(username))) }
        return .object(members)
    }

    func register(_ email: String, name: String = "Dr. Maria Novak", username: String? = nil) async throws
        -> SignedInView
    {
        let body = World.registration(email, name: name, username: username)
        return try await composition.registration.register(
            try Attempt<RegisterAccount>(body), call(AccountsAPI.register.declaration)
        ).view
    }

    func logIn(_ identifier: String, _ password: String = strong) async throws -> SignedInView {
        try await composition.login.logIn(
            try LogIn(["email": .string(identifier), "password": .string(password)]),
            call(AccountsAPI.logIn.declaration)
        ).view
    }

    func refresh(_ token: String) async throws -> TokensView {
        try await composition.tokens.refresh(
            try RefreshToken(["refresh": .string(token)]), call(AccountsAPI.refresh.declaration)
        ).view
    }

    /// Whom an access token speaks for.
    func caller(_ tokens: TokensView) throws -> Caller {
        let keys = JWKS(composition.mint.ring.published)
        return try TokenVerifier(issuer: "http://localhost:8000", audience: "praxis")
            .verify(tokens.access, keys: keys, now: clock.now).caller
    }

    func revoked() async throws -> [ID<Session>] {
        try await composition.tokens.revocations(NoInput(), call(TokensAPI.revocations.declaration)).view.sessions
            .map(\.session)
    }

    func events() async throws -> [String] {
        try await database.read(Column<String>("type")) { "select \($0) from outbox order by position" }
    }

    func actions() async throws -> [String] {
        try await database.read(Column<String>("action")) { "select \($0) from audit_entry order by entry_id" }
    }

    func count(_ table: SQL) async throws -> Int {
        try await database.read(Column<Int>("count(*)")) { "select \($0) from \(sql: table)" }.one
    }
}

extension Input {
    init(_ body: JSONValue) throws { try self.init(Source(body: body)) }
}

/// Runs a test in a fresh world.
func withIdentity(
    loops: Int = 1, hashingThreads: Int = 2, hashingQueue: Int = 64, settings more: [String: String] = [:],
    _ body: @escaping @Sendable (World) async throws -> Void
) async throws {
    try await withDatabase(schema: "identity", role: "praxis_identity_test", loops: loops) {
        database, home, _ in
        _ = try await Migrator(home.settings(schema: "identity", role: "praxis_identity_test"), migrations).migrate()
        let clock = GivenClock()
        let pool = BlockingPool(name: "passwords", threads: hashingThreads, queue: hashingQueue)
        var reader = SettingsReader(Environment(process: environment.merging(more) { $1 }))
        let sealer = try reader.read(SealerSource.data)
        let keys = try await AuditKeys.open(database, sealer: sealer, service: "identity", at: clock.now)
        let idempotency = try IdempotencyStore(
            clock: clock, sealer: sealer, secret: Secret(String(repeating: "s", count: 32)))
        let registrations = GivenRegistrations()
        let dependencies = Composition.Dependencies(
            database: database, unit: UnitOfWork(database: database, idempotency: idempotency),
            ledger: Ledger(
                outbox: Outbox(source: "identity", clock: clock), audit: AuditLog(clock: clock, keys: keys)),
            clock: clock,
            metrics: Metrics(), sealer: sealer, pool: pool, registrations: registrations)
        let settings = try IdentitySettings(&reader)
        let composition = try await Composition(dependencies, settings)
        try await body(
            World(
                composition: composition, database: database, clock: clock, dependencies: dependencies,
                settings: settings, home: home,
                registrations: registrations))
        pool.shutDown()
    }
}

let environment = [
    "PRAXIS_ENV": "development", "BCRYPT_SALT_ROUNDS": "4", "PASSWORD_PEPPER": String(repeating: "p", count: 32),
    "SIGNING_KEY_ENCRYPTION_KEY": String(repeating: "a1", count: 32),
    "DATA_ENCRYPTION_KEY": String(repeating: "b2", count: 32),
]

/// The service's own tables, and those the chassis puts beside them.
private let migrations =
    Schema.migrations
    + ChassisSchema.migrations.map {
        Migration(number: Schema.migrations.count + $0.number, name: $0.name, sql: $0.sql)
    }
