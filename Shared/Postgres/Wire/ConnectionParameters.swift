internal import Kernel
internal import Lifecycle

/// libpq's parameters for a connection, with the session's settings in the start-up packet, so that no query
/// runs without them and none is spent on setting them.
struct ConnectionParameters: Sendable {
    enum Use { case reads, transactions, notifications, migrations, locks }

    let all: [(String, String)]
    let timeout: Duration
    let check: ConnectionCheck

    init(_ settings: DatabaseSettings, for use: Use) {
        precondition(DatabaseSettings.isName(settings.schema), "the schema's name needs no quotes")
        precondition(settings.role.map(DatabaseSettings.isName) ?? true, "the role's name needs no quotes")
        timeout = settings.connectTimeout
        check = ConnectionCheck(
            role: use == .migrations ? nil : settings.role, searchPath: Self.searchPath(settings),
            pooler: settings.pooler, allowsStandby: settings.allowsStandby)
        all = [
            ("dbname", settings.url.expose()),
            ("application_name", settings.applicationName),
            ("client_encoding", "UTF8"),
            ("gssencmode", "disable"),
            ("keepalives_idle", "15"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "30000"),
            ("options", Self.options(settings, for: use).map { "-c \($0)=\($1)" }.joined(separator: " ")),
        ]
    }

    private static func options(_ settings: DatabaseSettings, for use: Use) -> [(String, String)] {
        var options = [
            ("search_path", searchPath(settings)), ("TimeZone", "UTC"), ("DateStyle", "ISO"),
            ("IntervalStyle", "iso_8601"), ("bytea_output", "hex"), ("client_min_messages", "warning"),
            ("praxis.account", ""), ("praxis.role", ""), ("praxis.tenant", ""),
        ]
        if use == .migrations { return options }
        options += [
            ("statement_timeout", milliseconds(settings.statementTimeout)),
            ("lock_timeout", milliseconds(settings.lockTimeout)),
            ("idle_in_transaction_session_timeout", milliseconds(settings.idleInTransactionTimeout)),
            // A statement whose client has gone stops by itself.
            ("client_connection_check_interval", "1000"),
        ]
        if use == .reads { options.append(("default_transaction_read_only", "on")) }
        if let role = settings.role { options.append(("role", role)) }
        return options
    }

    private static func searchPath(_ settings: DatabaseSettings) -> String { "\(settings.schema),public" }

    private static func milliseconds(_ duration: Duration) -> String { String(duration.wholeNanoseconds / 1_000_000) }
}
