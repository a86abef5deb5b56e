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
