package import API
import Crypto
package import Kernel
import Net
import Observability
package import Settings
package import Web

/// The settings that every process reads.
package struct CommonSettings: Sendable {
    /// Where the endpoints and the health page listen.
    package let bind: String
    package let port: Int
    package let opsPort: Int
    package let loops: Int
    package let grace: Duration
    /// This process among its copies, for logs.
    package let instance: String
    package let isProduction: Bool
    package let keys: PairKeys
    package let redis: Secret
    /// Where each of the other services is found.
    package let upstreams: [ServiceName: [String]]

    private static func port(_ name: ServiceName) -> Setting<Int> {
        .port("\(name.rawValue.uppercased())_PORT", default: name.port, help: "Port of \(name.rawValue)'s endpoints.")
    }
    static func opsPort(_ name: ServiceName) -> Setting<Int> {
        .port(
            "\(name.rawValue.uppercased())_OPS_PORT", default: name.opsPort,
            help: "Port of \(name.rawValue)'s /livez, /readyz and /metrics.")
    }
    private static func upstream(_ name: ServiceName) -> Setting<[String]> {
        .list(
            "\(name.rawValue.uppercased())_URL", default: ["http://127.0.0.1:\(name.port)"],
            help: "Where \(name.rawValue) is found: one URL for each of its processes.")
    }
    private static let bind = Setting.text(
        "BIND_ADDRESS", default: "127.0.0.1", help: "The address to listen at; 0.0.0.0 for all of this machine's.")
    private static let loops = Setting.integer(
        "EVENT_LOOPS", in: 0...64, default: 0, help: "Event loops of a process; 0 is one for each processor.")
    private static let grace = Setting.duration(
        "SHUTDOWN_GRACE_SECONDS", unit: .second, default: .seconds(10),
        help: "How long a stopping process finishes what it began.")
    private static let instance = Setting.text(
        "PRAXIS_INSTANCE", default: "-", help: "This process among its copies, as registry-2.")
    private static let mode = ModeSource()
    private static let level = Setting.text("LOG_LEVEL", default: "info", help: "debug, info, warning or error.")
    private static let format = Setting<LogFormat>.choice("LOG_FORMAT", help: "json or text.").optional
    private static let keys = Setting<Secret>.secret(
        "PRINCIPAL_KEYS", help: "Lines from>to=key: the pairs of processes this one is a side of.")

    package static func declarations(of name: ServiceName) -> [SettingDeclaration] {
        [port(name), opsPort(name)].flatMap(\.declarations)
            + bind.declarations + loops.declarations + grace.declarations + instance.declarations + mode.declarations
            + level.declarations + format.declarations + keys.declarations + Setting.redisURL().declarations
            + ServiceName.allCases.filter { $0 != name && $0 != .gateway }.flatMap { upstream($0).declarations }
    }

    /// Reads all; what is wrong is noted in the reader and reported when it finishes. Nil exactly when something was.
    package init?(_ name: ServiceName, from reader: inout SettingsReader) {
        let (port, opsPort) = (Self.port(name).read(from: &reader), Self.opsPort(name).read(from: &reader))
        let (bind, loops) = (Self.bind.read(from: &reader), Self.loops.read(from: &reader))
        let (grace, instance) = (Self.grace.read(from: &reader), Self.instance.read(from: &reader))
        let (mode, redis) = (Self.mode.read(from: &reader), Setting.redisURL().read(from: &reader))
        let keys = Self.readKeys(from: &reader)
        let isLogSet = Self.configureLog(name, from: &reader)
        var upstreams: [ServiceName: [String]] = [:]
        for other in ServiceName.allCases where other != name && other != .gateway {
            upstreams[other] = Self.readUpstreams(other, from: &reader)
        }
        guard let port, let opsPort, let bind, let loops, let grace, let instance, let mode, let redis, let keys,
            isLogSet, upstreams.count == ServiceName.allCases.count(where: { $0 != name && $0 != .gateway })
        else { return nil }
        guard SocketAddress(host: bind, port: 0) != nil else {
            reader.refuse("BIND_ADDRESS", "must be an IP address")
            return nil
        }
        self.bind = bind
        self.port = port
        self.opsPort = opsPort
        self.loops = loops == 0 ? Processors.count : loops
        self.grace = grace
        self.instance = instance == "-" ? name.rawValue : instance
        isProduction = mode == .production
        self.keys = keys
        self.redis = redis
        self.upstreams = upstreams
    }

    private static func readKeys(from reader: inout SettingsReader) -> PairKeys? {
        guard let text = keys.read(from: &reader) else { return nil }
        do throws(PairKeys.Fault) {
            return try PairKeys(text)
        } catch {
            reader.refuse("PRINCIPAL_KEYS", "\(error)")
            return nil
        }
    }

    private static func readUpstreams(_ name: ServiceName, from reader: inout SettingsReader) -> [String]? {
        guard let urls = upstream(name).read(from: &reader) else { return nil }
        let isGood =
            !urls.isEmpty
            && urls.allSatisfy { text in SettingURL(text).map { $0.scheme == "http" && !$0.host.isEmpty } == true }
        if isGood { return urls }
        reader.refuse("\(name.rawValue.uppercased())_URL", "must be a list of URLs with http://")
        return nil
    }

    /// From `.env` and `NAME_FILE`, which may have changed; the process's own environment cannot. A level that is none
    /// changes nothing, and is said.
    static func readLogLevelAgain(_ name: ServiceName) {
        do {
            var reader = SettingsReader(try Environment.load())
            let text = try reader.read(level)
            guard let level = LogLevel(text) else {
                return log.error("LOG_LEVEL is no level, and stays as it was", ["value": text])
            }
            LogSink.configure(service: name.rawValue, level: level)
            log.info("the log level was read again", ["level": level.rawValue])
        } catch {
            log.error("the settings could not be read again", ["reason": error.description])
        }
    }

    private static func configureLog(_ name: ServiceName, from reader: inout SettingsReader) -> Bool {
        guard let text = level.read(from: &reader), let format = format.read(from: &reader) else { return false }
        guard let level = LogLevel(text) else {
            reader.refuse("LOG_LEVEL", "must be debug, info, warning or error")
            return false
        }
        LogSink.configure(service: name.rawValue, level: level, format: format)
        return true
    }
}

/// Whether secrets and defaults may be those of a developer's machine.
package enum RunMode: String, Sendable, CaseIterable { case production, development }
