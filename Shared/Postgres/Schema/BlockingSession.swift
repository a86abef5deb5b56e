internal import CPostgres
internal import Kernel
internal import Lifecycle

/// A connection that waits for each answer, for what runs on a thread of its own.
struct BlockingSession {
    private let connection: LibpqConnection

    init(_ connection: LibpqConnection) { self.connection = connection }

    init(_ settings: DatabaseSettings) throws(MigrationFault) {
        do {
            connection = try LibpqConnection.open(ConnectionParameters(settings, for: .migrations))
        } catch {
            throw .unreachable(error)
        }
    }

    var isInTransaction: Bool { connection.isInTransaction }

    /// Any number of statements, without parameters.
    func script(_ text: String) throws(DatabaseError) {
        _ = try unsafe checked(PQexec(connection.pointer, text))
    }

    /// Reads what the statement selects.
    func run<S: Selection>(_ selection: S, _ statement: (S) -> SQL = { "select \($0)" }) throws -> [S.Row] {
        try selection.projection.rows(in: run(statement(selection)))
    }

    @discardableResult
    func run(_ sql: SQL) throws(DatabaseError) -> ServerResult {
        guard let values = BoundValues(sql.values) else { throw DatabaseError(sqlState: "22021") }
        let pointer = unsafe values.withPointers { pointers, lengths, formats in
            unsafe PQexecParams(connection.pointer, sql.text, values.count, nil, pointers, lengths, formats, 1)
        }
        return try unsafe checked(pointer)
    }

    private func checked(_ pointer: OpaquePointer?) throws(DatabaseError) -> ServerResult {
        guard let pointer = unsafe pointer else { throw DatabaseError(sqlState: "08000") }
        let result = unsafe ServerResult(owning: pointer)
        guard
            result.status == PGRES_COMMAND_OK || result.status == PGRES_TUPLES_OK || result.status == PGRES_EMPTY_QUERY
        else { throw result.error }
        return result
    }
}
