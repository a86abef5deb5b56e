internal import Kernel

extension Projection {
    /// All rows of an answer.
    func rows(in result: ServerResult) throws -> [Row] {
        guard result.columnCount == width else { throw DecodingFault(.columnCount(result.columnCount)) }
        var rows: [Row] = []
        rows.reserveCapacity(result.rowCount)
        for index in 0..<result.rowCount {
            var row = RowReader(result, row: index)
            rows.append(try decode(&row))
        }
        return rows
    }

    /// The page that an answer is. The number of all rows stands behind the columns of each, and by itself where the
    /// page has none.
    func page(in result: ServerResult) throws -> Page<Row> where Row: Sendable {
        guard result.columnCount == width + 1 else { throw DecodingFault(.columnCount(result.columnCount)) }
        var (items, total) = ([Row](), 0)
        items.reserveCapacity(result.rowCount)
        for index in 0..<result.rowCount {
            var row = RowReader(result, row: index)
            if !row.skipNulls(width) { items.append(try decode(&row)) }
            if index == 0 { total = try row.next() }
        }
        return Page(items: items, total: total)
    }
}

/// What a statement without a select list did.
package struct Completion: Sendable {
    /// Rows inserted, updated or deleted; for a `select`, rows found.
    package let affected: Int
}

extension Array {
    /// The only row; a statement that gives none or several is a mistake of ours.
    package var one: Element {
        get throws(DecodingFault) {
            guard count == 1, let row = first else { throw DecodingFault(.rowCount(count)) }
            return row
        }
    }
}
