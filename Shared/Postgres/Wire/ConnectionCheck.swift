internal import CPostgres
internal import Kernel
internal import Lifecycle

/// What a new connection must be before anybody may use it: in the service's role and schema, at a server that can be
/// written to (or at a standby, for what only reads), and not behind a pooler that gives it another server process with
/// each transaction. All is asked in one statement.
struct ConnectionCheck: Sendable {
    /// Nil where the login's own role is kept.
    let role: String?
    let searchPath: String
    let pooler: DatabaseSettings.Pooler
    let allowsStandby: Bool

    /// One row of `question`.
    struct Answer: Sendable {
        let processID: Int
        let role: String
        let searchPath: String
        let isInRecovery: Bool
        /// `praxis.client` before this statement set it: empty on a server process that no client of ours used before.
        let mark: String
    }

    /// A pooler in session mode resets what a client leaves behind (DISCARD ALL) and one in transaction mode does not,
    /// so that the mark of one client is found by another. Without a pooler there is nobody else to find it.
    static let question = """
        select pg_backend_pid(), current_user, current_setting('search_path'), pg_is_in_recovery(), \
        coalesce(current_setting('praxis.client', true), ''), set_config('praxis.client', 'known', false)
        """

    /// Why a connection is not to be used; nil when it may be.
    /// - Parameter processID: of the server's process as the connection's start told it; a pooler makes it up.
    func fault(_ answer: Answer, connectedTo processID: Int) -> ConnectionFault? {
        if pooler == .none, answer.processID != processID { return .pooler }
        if !answer.mark.isEmpty { return .transactionPooler }
        if answer.isInRecovery, !allowsStandby { return .recovery }
        if Self.names(answer.searchPath) != Self.names(searchPath) {
            return ConnectionFault(
                sqlState: nil, reason: "the session's search_path is not the service's: its settings were not taken")
        }
        if let role, answer.role != role {
            return ConnectionFault(sqlState: nil, reason: "the session's role is not the service's: \(role)")
        }
        return nil
    }

    /// `"registry", public` and `registry,public` are the same path.
    private static func names(_ path: String) -> [String] {
        path.split(separator: ",").map { name in name.filter { $0 != " " && $0 != "\"" } }
    }
}

extension ConnectionFault {
    static let pooler = ConnectionFault(
        sqlState: nil,
        reason: "a connection pooler stands before PostgreSQL: name PostgreSQL's own address, or set "
            + "DATABASE_POOLER=session where the pooler keeps a server connection for each client (session mode)",
        isPooler: true)
    static let transactionPooler = ConnectionFault(
        sqlState: nil,
        reason: "a connection pooler in transaction or statement mode stands before PostgreSQL, which is not "
            + "supported: name PostgreSQL's own address, or use session mode",
        isPooler: true)
    static let recovery = ConnectionFault(
        sqlState: "25006", reason: "the server is a standby or recovers, and cannot be written to")
}

extension LibpqConnection {
    /// Asks and judges; for a blocking thread.
    func check(_ check: ConnectionCheck, until deadline: Deadline) throws(ConnectionFault) {
        let result = try ask(ConnectionCheck.question, until: deadline)
        guard let pid: Int = value(result, 0), let role: String = value(result, 1), let path: String = value(result, 2),
            let isInRecovery: Bool = value(result, 3), let mark: String = value(result, 4)
        else { throw ConnectionFault(sqlState: result.diagnosis("C"), reason: "the server's answer is not understood") }
        let answer = ConnectionCheck.Answer(
            processID: pid, role: role, searchPath: path, isInRecovery: isInRecovery, mark: mark)
        if let fault = check.fault(answer, connectedTo: Int(unsafe PQbackendPID(pointer))) { throw fault }
    }

    private func value<Value: SQLValue>(_ result: ServerResult, _ column: Int) -> Value? {
        result.withValue(row: 0, column: column) { Value.read($0, $1) } ?? nil
    }

    /// The last result of one statement.
    private func ask(_ text: String, until deadline: Deadline) throws(ConnectionFault) -> ServerResult {
        guard unsafe PQsendQueryParams(pointer, text, 0, nil, nil, nil, nil, 1) == 1 else { throw fault }
        while unsafe PQisBusy(pointer) == 1 {
            guard waits(for: PGRES_POLLING_READING, until: deadline) else {
                throw ConnectionFault(sqlState: nil, reason: "no answer in time")
            }
            guard unsafe PQconsumeInput(pointer) == 1 else { throw fault }
        }
        var last: ServerResult?
        while let next = unsafe PQgetResult(pointer) { last = unsafe ServerResult(owning: next) }
        guard let last else { throw fault }
        return last
    }
}
