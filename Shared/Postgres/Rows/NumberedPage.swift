package import Kernel

extension Database {
    /// A numbered page of a list and the number of all its rows, in one statement.
    /// - Parameters:
    ///   - source: what follows `from`, conditions included.
    ///   - counted: the same for counting, where that needs fewer tables.
    ///   - total: the number of all rows, where it is kept and need not be counted.
    ///   - plan: `.generic` where one index gives the rows in their order, whatever is asked for.
    package func page<S: Selection>(
        _ selection: S, from source: SQL, counted: SQL? = nil, total: SQL? = nil, by order: SQL, _ page: PageRequest,
        as scope: Scope? = nil, plan: Plan = .auto
    ) async throws -> Page<S.Row> {
        let part = selection.projection.taken(from: "part").optional
        let total = total ?? "(select count(*) from \(sql: counted ?? source))"
        let rows = try await read(part + Column<Int>("everything.total"), as: scope, plan: plan) {
            """
            select \($0) from (select \(sql: total) as total) everything
            left join lateral (
                select \(selection) from \(sql: source)
                order by \(sql: order) limit \(page.size) offset \(page.offset)
            ) part on true
            """
        }
        return Page(items: rows.compactMap { $0.0 }, total: rows.first?.1 ?? 0)
    }

    /// The same for a search by an index, which finds a small share of all rows: they are looked for once, and counted
    /// and sorted together by their keys, so that only the page's rows are read whole; the statement is planned once
    /// for whatever is searched.
    /// - Parameters:
    ///   - table: with the alias by which the other parameters name it.
    ///   - key: its primary key.
    package func search<S: Selection>(
        _ selection: S, from table: SQL, key: SQL, where condition: SQL, by order: SQL, _ page: PageRequest,
        as scope: Scope? = nil
    ) async throws -> Page<S.Row> {
        let rows = try await read(selection.projection + Column<Int>("hit.total"), as: scope, plan: .generic) {
            """
            select \($0) from (
                select \(sql: key) as key, count(*) over () as total from \(sql: table) where \(sql: condition)
                order by \(sql: order) limit \(page.size) offset \(page.offset)
            ) hit join \(sql: table) on \(sql: key) = hit.key order by \(sql: order)
            """
        }
        // Behind the last row there is none that could say how many there are.
        if rows.isEmpty, page.offset > 0 {
            let source: SQL = "\(sql: table) where \(sql: condition)"
            return try await self.page(selection, from: source, by: order, page, as: scope)
        }
        return Page(items: rows.map { $0.0 }, total: rows.first?.1 ?? 0)
    }
}
