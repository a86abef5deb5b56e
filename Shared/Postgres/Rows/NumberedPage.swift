package import Kernel

extension Database {
    /// A numbered page of a list and the number of all its rows, in one statement.
    /// - Parameters:
    ///   - source: what follows `from`, conditions included.
    ///   - counted: the same for counting, where that needs fewer tables.
    package func page<S: Selection>(
        _ selection: S, from source: SQL, counted: SQL? = nil, by order: SQL, _ page: PageRequest,
        as scope: Scope? = nil
    ) async throws -> Page<S.Row> {
        let part = selection.projection.taken(from: "part").optional
        let rows = try await read(part + Column<Int>("everything.total"), as: scope) {
            """
            select \($0) from (select count(*) as total from \(sql: counted ?? source)) everything
            left join lateral (
                select \(selection) from \(sql: source)
                order by \(sql: order) limit \(page.size) offset \(page.offset)
            ) part on true
            """
        }
        return Page(items: rows.compactMap { $0.0 }, total: rows.first?.1 ?? 0)
    }
}
