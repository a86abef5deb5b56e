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
        let total = total ?? "(select count(*) from \(sql: counted ?? source))"
        let statement: SQL = """
            select part.*, everything.total from (select \(sql: total) as total) everything
            left join lateral (
                select \(selection) from \(sql: source)
                order by \(sql: order) limit \(page.size) offset \(page.offset)
            ) part on true
            """
        return try selection.projection.page(in: await result(of: statement, as: scope, plan))
    }

    /// The same for a search by an index, which finds a small share of all rows: they are looked for once, and counted
    /// and sorted by what they are sorted by alone, so that only the page's rows are read whole; the statement is
    /// planned once for whatever is searched.
    /// - Parameters:
    ///   - table: with the alias by which the other parameters name it.
    ///   - key: its primary key, by which rows that are otherwise equal are sorted.
    package func search<S: Selection>(
        _ selection: S, from table: SQL, key: SQL, where condition: SQL, by rank: SQL, isDown: Bool,
        _ page: PageRequest, as scope: Scope? = nil
    ) async throws -> Page<S.Row> {
        let order: SQL = isDown ? "hit.rank desc, hit.key desc" : "hit.rank, hit.key"
        let statement: SQL = """
            with found as materialized (
                select \(sql: key) as key, \(sql: rank) as rank from \(sql: table) where \(sql: condition))
            select \(selection), everything.total from (select count(*) as total from found) everything
            left join (
                select * from found hit order by \(sql: order) limit \(page.size) offset \(page.offset)
            ) hit on true
            left join \(sql: table) on \(sql: key) = hit.key order by \(sql: order)
            """
        return try selection.projection.page(in: await result(of: statement, as: scope, .generic))
    }
}
