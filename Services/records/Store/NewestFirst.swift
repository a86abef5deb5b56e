package import Kernel
package import Postgres

/// What rows of a list are sorted by, the newest first, and a cursor names: an id, or a number.
package protocol ListKey: SQLValue, CustomStringConvertible {
    init(_ cursor: Cursor) throws(Problem)
}

extension ID: ListKey {
    package init(_ cursor: Cursor) throws(Problem) { self = try cursor.id() }
}

extension Int64: ListKey {
    package init(_ cursor: Cursor) throws(Problem) { self = try cursor.number() }
}

extension Database {
    /// A part of a list, the newest first: a numbered page with its total, or what follows a cursor.
    /// - Parameters:
    ///   - source: what follows `from`, conditions included; it has a `where`.
    ///   - column: of the keys.
    package func newest<S: Selection, Key: ListKey>(
        _ row: S, from source: SQL, by column: SQL, _ request: PageRequest, as scope: Scope,
        id: (S.Row) -> Key
    ) async throws -> Page<S.Row> {
        guard case .after = request.position else {
            return try await page(row, from: source, by: "\(sql: column) desc", request, as: scope)
        }
        let last = try request.cursor().map { try Key($0) }
        let older: SQL = if let last { " and \(sql: column) < \(last)" } else { "" }
        let rows = try await read(row, as: scope) {
            "select \($0) from \(sql: source)\(sql: older) order by \(sql: column) desc limit \(request.size + 1)"
        }
        return Page(fetched: rows, size: request.size) { Cursor(id: id($0)).text }
    }
}
