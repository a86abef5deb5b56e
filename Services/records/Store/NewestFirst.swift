package import Kernel
package import Postgres

extension Database {
    /// A part of a list, the newest id first: a numbered page with its total, or what follows a cursor.
    /// - Parameters:
    ///   - source: what follows `from`, conditions included; it has a `where`.
    ///   - column: of the ids.
    package func newest<S: Selection, Entity>(
        _ row: S, from source: SQL, by column: SQL, _ request: PageRequest, as scope: Scope,
        id: (S.Row) -> ID<Entity>
    ) async throws -> Page<S.Row> {
        guard case .after = request.position else {
            return try await page(row, from: source, by: "\(sql: column) desc", request, as: scope)
        }
        let last = try request.cursor().map { try $0.id(of: Entity.self) }
        let older: SQL = if let last { " and \(sql: column) < \(last)" } else { "" }
        let rows = try await read(row, as: scope) {
            "select \($0) from \(sql: source)\(sql: older) order by \(sql: column) desc limit \(request.size + 1)"
        }
        return Page(fetched: rows, size: request.size) { Cursor(id: id($0)).text }
    }
}
