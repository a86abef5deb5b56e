internal import CPostgres
internal import Glibc
internal import Lifecycle

/// Owns a `PGconn`. Whoever holds it sees to it that one thread uses it at a time: a blocking thread while it is being
/// opened, then the event loop it belongs to.
@safe final class LibpqConnection: @unchecked Sendable {
    let pointer: OpaquePointer

    private init(owning pointer: OpaquePointer) { unsafe self.pointer = unsafe pointer }

    deinit { unsafe PQfinish(pointer) }

    var descriptor: Int32 { unsafe PQsocket(pointer) }
    var isBroken: Bool { unsafe PQstatus(pointer) != CONNECTION_OK }
    var isInTransaction: Bool { unsafe PQtransactionStatus(pointer) != PQTRANS_IDLE }

    /// Connects, with names, TLS and passwords and all that may block, and looks what it is connected to: for a
    /// blocking thread.
    static func open(_ parameters: ConnectionParameters) throws(ConnectionFault) -> LibpqConnection {
        let connection = try begin(parameters.all)
        let deadline = Deadline.after(parameters.timeout)
        var step = PGRES_POLLING_WRITING
        while step != PGRES_POLLING_OK {
            guard step != PGRES_POLLING_FAILED, connection.waits(for: step, until: deadline)
            else { throw connection.fault }
            step = unsafe PQconnectPoll(connection.pointer)
        }
        // The server's notices may quote data; nobody reads them here.
        unsafe PQsetNoticeProcessor(connection.pointer, { _, _ in }, nil)
        try connection.check(parameters.check, until: deadline)
        return connection
    }

    private static func begin(_ parameters: [(String, String)]) throws(ConnectionFault) -> LibpqConnection {
        let keywords = unsafe parameters.map { unsafe strdup($0.0) } + [nil]
        let values = unsafe parameters.map { unsafe strdup($0.1) } + [nil]
        defer { unsafe (keywords + values).forEach { unsafe free($0) } }
        let started = unsafe PQconnectStartParams(
            unsafe keywords.map { unsafe UnsafePointer($0) }, unsafe values.map { unsafe UnsafePointer($0) }, 1)
        guard let started = unsafe started else { throw ConnectionFault(sqlState: nil, reason: "no memory") }
        let connection = unsafe LibpqConnection(owning: started)
        if connection.isBad { throw connection.fault }
        // The server's sentence may hold names; its SQLSTATE says enough.
        unsafe PQsetErrorVerbosity(started, PQERRORS_SQLSTATE)
        return connection
    }

    var fault: ConnectionFault {
        ConnectionFault(telling: unsafe PQerrorMessage(pointer).map { unsafe String(cString: $0) } ?? "")
    }

    private var isBad: Bool { unsafe PQstatus(pointer) == CONNECTION_BAD }

    func waits(for step: PostgresPollingStatusType, until deadline: Deadline) -> Bool {
        while true {
            let left = deadline.remaining().wholeNanoseconds
            if left <= 0 { return false }
            var wanted = pollfd()
            wanted.fd = descriptor
            wanted.events = Int16(step == PGRES_POLLING_READING ? POLLIN : POLLOUT)
            let ready = unsafe poll(&wanted, 1, Int32(clamping: left / 1_000_000 + 1))
            if ready > 0 { return true }
            if ready < 0, errno != EINTR { return false }
        }
    }

    /// Asks the server to stop what this connection runs; blocks, so for a blocking thread, with a handle made before.
    func canceller() -> Canceller? { unsafe PQgetCancel(pointer).map { unsafe Canceller(owning: $0) } }

    @safe final class Canceller: @unchecked Sendable {
        private let pointer: OpaquePointer
        fileprivate init(owning pointer: OpaquePointer) { unsafe self.pointer = unsafe pointer }
        deinit { unsafe PQfreeCancel(pointer) }

        func cancel() {
            var complaint = [CChar](repeating: 0, count: 256)
            _ = unsafe PQcancel(pointer, &complaint, 256)
        }
    }
}
