import Audit
import Chassis
import Crypto
import Glibc
import Kernel
import Messaging
import Net
import Observability
import Postgres
import Settings

/// What the program does instead of serving, for the operator's command line: `identity create-admin USERNAME EMAIL
/// [NAME]` (the password is the first line of its input, or `PRAXIS_ADMIN_PASSWORD`), `identity demo`, `identity demo
/// check` (78 where a demo account works), `identity demo remove` and `identity setup-link SITE` (the link alone on its
/// output; 1 when there is an administrator). All may be repeated; `identity reset-second-factor USERNAME` for who has
/// lost theirs, `identity token USERNAME` (password and one-time code are lines of its input; 77 where a code is
/// missing).
package enum Command: Sendable, Equatable {
    case createAdmin(username: String, email: String, name: String)
    case demo
    case setUpLink(site: String)
    case resetSecondFactor(username: String)
    case demoCheck, demoRemove
    case token(username: String)

    package init?(_ words: [String]) {
        switch words.first {
        case "demo" where words.count == 1: self = .demo
        case "demo" where words == ["demo", "check"]: self = .demoCheck
        case "demo" where words == ["demo", "remove"]: self = .demoRemove
        case "token" where words.count == 2: self = .token(username: words[1])
        case "reset-second-factor" where words.count == 2: self = .resetSecondFactor(username: words[1])
        case "create-admin" where (3...4).contains(words.count):
            self = .createAdmin(
                username: words[1], email: words[2], name: words.count == 4 ? words[3] : "Administrator")
        case "setup-link" where words.count == 2: self = .setUpLink(site: words[1])
        default: return nil
        }
    }

    /// Runs the words after the program's name and answers the status to end with: 0, or 64 and 78 as sysexits(3) has
    /// them.
    static func run(_ words: [String]) async -> Int32 {
        LogSink.configure(service: "identity", level: .error, format: .text)
        guard let command = Command(words) else {
            complain(
                "usage: identity [demo [check | remove] | create-admin USERNAME EMAIL [NAME] | setup-link SITE | "
                    + "reset-second-factor USERNAME | token USERNAME]")
            return 64
        }
        do {
            let context = try CommandContext()
            if command == .demo, !context.isDevelopment {
                complain(
                    "The demo accounts have known passwords: they are made with PRAXIS_ENV=development or DEBUG alone.")
                return SettingsFaults.exitCode
            }
            try await context.run { composition in
                for line in try await command.run(
                    composition, password: { command.asksAdministrator ? context.password ?? readLine() : readLine() })
                {
                    print(line)
                }
            }
            return 0
        } catch let faults as SettingsFaults {
            complain(faults.description)
            return SettingsFaults.exitCode
        } catch let fault as StartFault {
            complain(fault.description)
            return SettingsFaults.exitCode
        } catch let problem as Problem where problem.code == .otpRequired {
            return 77
        } catch let problem as Problem {
            complain(problem.message)
            for fault in problem.errors { complain("  \(fault.field): \(fault.messages.joined(separator: " "))") }
            return 1
        } catch let error as DatabaseError where error.sqlState == "42P01" {
            complain("The schema is not there yet: start identity once, or run its migrations.")
            return 1
        } catch {
            complain("It failed: \(type(of: error)).")
            return 1
        }
    }

    /// Whether the password is that of an administrator to be made.
    private var asksAdministrator: Bool {
        if case .createAdmin = self { return true }
        return false
    }

    /// What there is to say afterwards.
    private func run(_ composition: Composition, password: @Sendable () -> String?) async throws -> [String] {
        switch self {
        case .setUpLink(let site): return [try await composition.setUp.link(at: site)]
        case .token(let username): return [try await composition.login.accessToken(username, readLine: password)]
        default: break
        }
        return try await run(composition.operators, password: password).map { username, outcome in
            outcome.words(about: username)
        }
    }

    /// What was made, or was there. `password` is asked for only where one is needed.
    package func run(
        _ operators: Operators, password: @Sendable () -> String?
    ) async throws -> [(username: String, outcome: Operators.Outcome)] {
        switch self {
        case .setUpLink, .token: return []
        case .demoRemove: return try await operators.removeDemo()
        case .demoCheck:
            if let refusal = try await operators.demoRefusal() { throw StartFault(refusal) }
            return []
        case .demo: return try await operators.makeDemo()
        case .createAdmin(let username, let email, let name):
            let account = try Operators.NewAccount(
                username: username, name: name, email: email, role: .admin, password: Secret(password() ?? ""))
            return [(username, try await operators.make(account))]
        case .resetSecondFactor(let username): return [(username, try await operators.resetFactor(of: username))]
        }
    }
}

extension Operators.Outcome {
    fileprivate func words(about username: String) -> String {
        switch self {
        case .made: "made \(username)"
        case .removed: "\(username) is switched off, and has no password"
        case .existed: "\(username) exists already"
        case .factorReset: "\(username) logs in with the password alone until a new second factor is set up"
        case .hadNoFactor: "\(username) has no second factor"
        }
    }
}

/// What a command works with: identity's own database and keys, without a server.
private struct CommandContext: Sendable {
    let database: DatabaseSettings
    let settings: IdentitySettings
    let sealer: Sealer
    let isDevelopment: Bool
    let password: String?

    init() throws(SettingsFaults) {
        var reader = SettingsReader(try Environment.load())
        settings = try IdentitySettings(&reader)
        let (address, pooler, sealer, mode, debug, password) = try reader.read(
            DatabaseSource(service: "identity"),
            Setting<DatabaseSettings.Pooler>.choice(
                "DATABASE_POOLER", default: DatabaseSettings.Pooler.none, help: "none or session"),
            SealerSource.data,
            Setting.text("PRAXIS_ENV", default: "", help: "production or development"),
            Setting.flag("DEBUG", default: false, help: "true means development"),
            Setting<Secret>.secret("PRAXIS_ADMIN_PASSWORD", help: "The password of an administrator to be made")
                .optional)
        database = DatabaseSettings(
            url: address.connectionString, schema: "identity", role: "identity_service",
            applicationName: "praxis identity command", pooler: pooler)
        self.sealer = sealer
        isDevelopment = mode.isEmpty ? debug : mode == "development"
        self.password = password?.expose()
    }

    func run(_ body: @escaping @Sendable (Composition) async throws -> Void) async throws {
        let group = EventLoopGroup(count: 1)
        defer { group.shutDown() }
        let database = Database(database, group: group)
        defer { database.close() }
        try await group.run { [settings, sealer] in
            let clock = SystemClock()
            let keys = try await AuditKeys.open(database, sealer: sealer, service: "identity", at: clock.now)
            let ledger = Ledger(
                outbox: Outbox(source: "identity", clock: clock), audit: AuditLog(clock: clock, keys: keys))
            let dependencies = Composition.Dependencies(
                database: database, unit: UnitOfWork(database: database), ledger: ledger, clock: clock,
                metrics: Metrics(), sealer: sealer, pool: BlockingPool(name: "passwords", threads: 1, queue: 1),
                registrations: NoRegistrations())
            try await body(try await Composition(dependencies, settings))
        }
    }
}

private func complain(_ text: String) {
    let line = Array((text + "\n").utf8)
    _ = unsafe line.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
