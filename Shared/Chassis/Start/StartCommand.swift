import API
import HTTP
import Lifecycle
import Net
import Observability
import Postgres
import Sealing
import Settings

/// What a service's program is asked to do instead of serving: `migrate`, `migrate status`, `audit verify`, `audit
/// key`, `keys rotate --master`, `config check`, `config show`, or `--healthcheck`, by which a container asks the
/// process beside it. All end with 0, or as sysexits(3) has it; a trail that is not whole with 1.
package enum StartCommand: Sendable, Equatable {
    case migrate
    case migrateStatus
    case healthcheck
    case auditVerify(asJSON: Bool)
    case auditKey
    case keysRotate
    /// Both are obeyed by `ConfigCommand`, which knows how the service's own settings are read.
    case configCheck, configShow

    /// Nil for words this is not.
    package init?(_ words: [String]) {
        switch words {
        case ["migrate"]: self = .migrate
        case ["migrate", "status"]: self = .migrateStatus
        case ["--healthcheck"]: self = .healthcheck
        case ["audit", "verify"]: self = .auditVerify(asJSON: false)
        case ["audit", "verify", "--json"]: self = .auditVerify(asJSON: true)
        case ["audit", "key"]: self = .auditKey
        case ["keys", "rotate", "--master"]: self = .keysRotate
        case ["config", "check"]: self = .configCheck
        case ["config", "show"]: self = .configShow
        default: return nil
        }
    }

    /// Returns when the program is to serve; otherwise it does what the words ask for and ends the process.
    static func obey(
        _ words: [String], _ name: ServiceName, migrations: [Migration]?, wrappedKeys: [WrappedKeys] = []
    ) async {
        let command = StartCommand(words)
        guard !words.isEmpty, command != .configCheck, command != .configShow else { return }
        LogSink.configure(service: name.rawValue, level: .error)
        do {
            switch (command, migrations) {
            case (.migrate, let migrations?): try await migrate(name, migrations)
            case (.migrateStatus, let migrations?): try await printStatus(name, migrations)
            case (.healthcheck, _): try await ask(name)
            case (.auditVerify(let asJSON), _?):
                ExitReport.end(try await AuditCommand.verify(name, asJSON: asJSON))
            case (.keysRotate, _?): ExitReport.end(try await MasterKeyCommand.rotate(name, wrappedKeys))
            case (.auditKey, _?): try await AuditCommand.tellKeys(name)
            default:
                ExitReport.say(
                    "usage: \(name.rawValue) [migrate [status] | audit verify [--json] | audit key | "
                        + "keys rotate --master | config check | config show | --healthcheck]; without a word it serves"
                )
                ExitReport.end(64)
            }
            ExitReport.end(0)
        } catch let faults as SettingsFaults {
            ExitReport.say(faults.description)
            ExitReport.end(SettingsFaults.exitCode)
        } catch is ClientFault {
            ExitReport.say("\(name.rawValue) does not answer at its health port")
            ExitReport.end(69)
        } catch {
            let (code, words) = ExitReport.about(error)
            ExitReport.say(words)
            ExitReport.end(code == SettingsFaults.exitCode ? code : 69)
        }
    }

    private static func migrators(
        _ name: ServiceName, _ migrations: [Migration], onStandby: Bool = false
    ) throws -> [Migrator] {
        var reader = SettingsReader(try Environment.load())
        var settings = try StoreSettings.readDatabase(name.rawValue, from: &reader)
        settings.allowsStandby = onStandby
        return StartupMigrator.migrators(settings, migrations)
    }

    private static func migrate(_ name: ServiceName, _ migrations: [Migration]) async throws {
        var count = 0
        for migrator in try migrators(name, migrations) { count += try await migrator.migrate().count }
        print(count == 0 ? "up to date" : "applied \(count)")
    }

    private static func printStatus(_ name: ServiceName, _ migrations: [Migration]) async throws {
        for migrator in try migrators(name, migrations, onStandby: true) {
            for status in try await migrator.status() {
                print("\(status.number) \(status.name): \(status.state.rawValue)")
            }
        }
    }

    /// Whether the process that listens at this one's health port is alive.
    private static func ask(_ name: ServiceName) async throws {
        var reader = SettingsReader(try Environment.load())
        let asked = try reader.read(CommonSettings.opsPort(name))
        guard let port = UInt16(exactly: asked) else { return }
        let group = EventLoopGroup(count: 1)
        defer { group.shutDown() }
        let status = try await group.run {
            let client = HTTPClient(group: group)
            let page = client.upstream(.address(.loopback(port: port)), authority: "127.0.0.1:\(port)")
            return try await client.send(
                try OutgoingRequest(.get, "/livez"), to: page, deadline: .after(.seconds(3))
            ).head.status
        }
        guard status == 200 else { throw StartFault("\(name.rawValue) answers \(status)") }
    }
}
