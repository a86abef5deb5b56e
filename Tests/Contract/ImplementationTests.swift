import API
import Audit
import Chassis
import Crypto
import Identity
import Kernel
import Lifecycle
import Messaging
import Net
import Notifier
import NotifierDomain
import Observability
import Postgres
import Records
import Registry
import Scheduling
import Sealing
import Settings
import TestSupport
import Testing
import Web

/// Each declared endpoint has one handler, its owner's; the services are composed as in their own processes, on an
/// empty database of the test's.
@Suite struct ImplementationTests {
    @Test func `identity serves what it declares, and nothing else`() async throws {
        try await withService("identity", Identity.Schema.migrations, Identity.Schema.wrappedKeys) { database, sealer in
            let clock = SystemClock()
            let ledger = Ledger(outbox: Outbox(source: "identity", clock: clock), audit: AuditLog(clock: clock))
            let pool = BlockingPool(name: "passwords", threads: 1, queue: 1)
            defer { pool.shutDown() }
            var reader = SettingsReader(Environment(process: secrets))
            let composition = try await Identity.Composition(
                .init(
                    database: database, unit: UnitOfWork(database: database), ledger: ledger, clock: clock,
                    metrics: Metrics(), sealer: sealer, pool: pool, registrations: Unasked()),
                try IdentitySettings(&reader))
            isWhole(composition.routes, of: .identity)
        }
    }

    @Test func `registry serves what it declares, and nothing else`() async throws {
        try await withService("registry", Registry.Schema.migrations, Registry.Schema.wrappedKeys) { database, sealer in
            let clock = SystemClock()
            let ledger = Ledger(outbox: Outbox(source: "registry", clock: clock), audit: AuditLog(clock: clock))
            let composition = try await Registry.Composition(
                .init(
                    database: database, unit: UnitOfWork(database: database), ledger: ledger, clock: clock,
                    sealer: sealer, accounts: Unasked(), appointments: Unasked()))
            isWhole(composition.routes, of: .registry)
        }
    }

    @Test func `scheduling serves what it declares, and nothing else`() async throws {
        try await withService("scheduling", Scheduling.Schema.migrations, Scheduling.Schema.wrappedKeys) {
            database, sealer in
            let clock = SystemClock()
            let ledger = Ledger(outbox: Outbox(source: "scheduling", clock: clock), audit: AuditLog(clock: clock))
            let composition = try await Scheduling.Composition(
                .init(
                    database: database, unit: UnitOfWork(database: database), ledger: ledger, clock: clock,
                    sealer: sealer, directory: Unasked(), accounts: Unasked(), zones: Unasked()),
                SchedulingSettings(hold: .seconds(300)))
            isWhole(composition.routes, of: .scheduling)
        }
    }

    @Test func `records serves what it declares, and nothing else`() async throws {
        try await withService("records", Records.Schema.migrations, Records.Schema.wrappedKeys) { database, sealer in
            let clock = SystemClock()
            let ledger = Ledger(outbox: Outbox(source: "records", clock: clock), audit: AuditLog(clock: clock))
            let printing = BlockingPool(name: "documents", threads: 1, queue: 1)
            defer { printing.shutDown() }
            var reader = SettingsReader(Environment(process: ["PRAXIS_ENV": "development"]))
            let composition = try await Records.Composition(
                .init(
                    database: database, unit: UnitOfWork(database: database), ledger: ledger, clock: clock,
                    sealer: sealer, directory: Unasked(), appointments: Unasked(), factors: Unasked(),
                    prescribing: Unasked(), printing: printing, redis: nil, loop: try #require(EventLoop.current)),
                try RecordsSettings(&reader))
            isWhole(composition.routes, of: .records)
        }
    }

    @Test func `notifier serves what it declares, and nothing else`() async throws {
        try await withService("notifier", Notifier.Schema.migrations, Notifier.Schema.wrappedKeys) { database, sealer in
            let clock = SystemClock()
            let group = EventLoopGroup(count: 1)
            defer { group.shutDown() }
            var reader = SettingsReader(Environment(process: ["PRAXIS_ENV": "development"]))
            let composition = try Notifier.Composition(
                .init(
                    database: database, group: group, clock: clock, metrics: Metrics(), contacts: Unasked(),
                    contents: ContentSources(
                        identity: Unasked(), registry: Unasked(), scheduling: Unasked(), records: Unasked()),
                    unit: UnitOfWork(database: database), audit: AuditLog(clock: clock),
                    secret: Secret(String(repeating: "s", count: 32)), streams: Unasked(), sealer: sealer,
                    names: Unasked(), isDevelopment: true),
                try NotifierSettings(&reader))
            isWhole(composition.routes, of: .notifier)
        }
    }

    /// What every service tells of itself is served by the chassis.
    private func isWhole(_ routes: Routes, of name: ServiceName) {
        let served =
            routes.all.map(\.declaration.name) + [OperationAPI.condition(of: name).declaration.name]
            + (name == .identity ? [] : [AuditAPI.trail(of: name).declaration.name])
        #expect(Set(served).count == served.count)
        #expect(Set(served) == Set(Catalogue.owned(by: name).map(\.name)))
    }

    /// A key that the rotation of the master key does not know would be lost with the older master key.
    private func isWhole(_ wrappedKeys: [WrappedKeys], in database: Database, _ name: String) async throws {
        let columns = try await database.read(Column<String>("table_name || '.' || column_name")) {
            """
            select \($0) from information_schema.columns
            where table_schema = \(name) and column_name in ('wrapped', 'wrapped_key')
            """
        }
        // The chassis wraps those of the audit chain; files' keys are under their patients'.
        let others: Set = ["audit_key.wrapped_key", "stored_file.wrapped"]
        #expect(Set(columns).subtracting(others) == Set(wrappedKeys.filter { $0.form == .key }.map(\.name)))
    }

    private func withService(
        _ name: String, _ migrations: [Migration], _ wrappedKeys: [WrappedKeys],
        _ body: @escaping @Sendable (Database, Sealer) async throws -> Void
    ) async throws {
        let role = "praxis_\(name)_contract"
        try await withDatabase(schema: name, role: role) { database, home, _ in
            let settings = home.settings(schema: name, role: role)
            _ = try await Migrator(settings, ChassisSchema.migrations, ledger: ChassisSchema.ledger).migrate()
            _ = try await Migrator(settings, migrations).migrate()
            try await isWhole(wrappedKeys, in: database, name)
            let sealer = Sealer(master: try MasterKey(version: 1, secret: Secret(String(repeating: "b2", count: 32))))
            try await body(database, sealer)
        }
    }
}

/// Other services, which composing asks nothing of.
private struct Unasked: RegistrationSource, AccountSource {
    func knows(_ account: ID<Account>) async throws -> Bool { throw Problem.unavailable() }
    func open(
        _ account: PendingAccount, for origin: Origin, until deadline: Deadline
    ) async throws -> PendingAccountView {
        throw Problem.unavailable()
    }
    func isTaken(username: String, for origin: Origin, until deadline: Deadline) async throws -> Bool {
        throw Problem.unavailable()
    }
    func confirm(_ account: ID<Account>, for origin: Origin, until deadline: Deadline) async throws {
        throw Problem.unavailable()
    }
}

extension Unasked: StandingSource {
    func isAdmitted(_ account: ID<Account>, until deadline: Deadline) async throws -> Bool {
        throw Problem.unavailable()
    }
}

extension Unasked: HookNames {
    func addresses(of url: HookURL, for owner: ID<Account>) async -> [NetworkAddress] { [] }
}

extension Unasked: AccountZoneSource {
    func zone(for origin: Origin, until deadline: Deadline) async throws -> String { throw Problem.unavailable() }
}

extension Unasked: Registry.AppointmentSource {
    func patients(
        of hospital: ID<Hospital>, after: ID<Patient>?, atMost limit: Int, for origin: Origin, until deadline: Deadline
    ) async throws -> [ID<Patient>] { throw Problem.unavailable() }
    func ahead(
        of doctor: ID<Doctor>, for origin: Origin, until deadline: Deadline
    ) async throws -> [ID<Appointment>] { throw Problem.unavailable() }
    func open(
        in department: ID<Department>, for origin: Origin, until deadline: Deadline
    ) async throws -> Int { throw Problem.unavailable() }
}

extension Unasked: Records.PatientDirectory, Records.AppointmentSource, FactorSource {
    func entries(
        _ query: DirectoryQuery, for origin: Origin, until deadline: Deadline
    ) async throws -> DirectoryView { throw Problem.unavailable() }
    func me(for origin: Origin, until deadline: Deadline) async throws -> OwnDirectoryView {
        throw Problem.unavailable()
    }
    func patients(
        having phone: PhoneNumber, for origin: Origin, until deadline: Deadline
    ) async throws -> [PatientMatch] { throw Problem.unavailable() }
    func prove(
        _ code: Secret?, of account: ID<Account>, for origin: Origin, until deadline: Deadline
    ) async throws -> Bool { throw Problem.unavailable() }
    func appointment(
        _ id: ID<Appointment>, for origin: Origin, until deadline: Deadline
    ) async throws -> AppointmentPartiesView? { throw Problem.unavailable() }
    func appointments(
        _ query: PatientAppointments, for origin: Origin, until deadline: Deadline
    ) async throws -> [AppointmentPartiesView] { throw Problem.unavailable() }
}

extension Unasked: PrescribingSource {
    func complete(
        _ id: ID<Appointment>, by prescription: ID<Prescription>, for origin: Origin, until deadline: Deadline
    ) async throws -> AppointmentStatus { throw Problem.unavailable() }
    func health(
        of patient: ID<Patient>, at hospital: ID<Hospital>?, for origin: Origin, until deadline: Deadline
    ) async throws -> PatientHealthView { throw Problem.unavailable() }
}

extension Unasked: ContactSource, ContentSource, StreamSource {
    var sources: [String] { [] }
    func contact(of account: ID<Account>) async throws -> Contact { throw Problem.unavailable() }
    func content(
        of kind: MessageKind, for recipient: ID<Account>, about subject: ID<MessageSubject>?, at start: Instant?
    ) async throws -> ContentAnswer {
        throw Problem.unavailable()
    }
    func standing(of source: String) async -> StreamStanding? { nil }
}

private let secrets = [
    "PRAXIS_ENV": "development",
    "BCRYPT_SALT_ROUNDS": "4", "PASSWORD_PEPPER": String(repeating: "p", count: 32),
    "SIGNING_KEY_ENCRYPTION_KEY": String(repeating: "a1", count: 32),
]
