/// Reads one row, value after value in the order of the select list.
package struct RowReader {
    private let result: ServerResult
    private let row: Int
    private var column = 0

    init(_ result: ServerResult, row: Int) {
        self.result = result
        self.row = row
    }

    /// The next value, which is not null.
    mutating func next<Value: SQLValue>() throws(DecodingFault) -> Value {
        defer { column += 1 }
        guard let value = result.withValue(row: row, column: column, { Value.read($0, $1) }) else {
            throw DecodingFault(.isNull, column: column)
        }
        guard let value else { throw DecodingFault(.isNot(String(describing: Value.self)), column: column) }
        return value
    }

    mutating func skip(_ count: Int) { column += count }

    /// Passes over the next `count` values when all of them are null.
    mutating func skipNulls(_ count: Int) -> Bool {
        for index in column..<(column + count) where !result.isNull(row: row, column: index) { return false }
        column += count
        return true
    }
}
