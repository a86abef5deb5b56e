/// What a statement selects, declared once: it writes the select list and decodes the rows. Interpolated into SQL it
/// writes its columns; `a + b` selects both and reads a pair.
package struct Projection<Row>: Selection {
    /// The select list.
    let list: SQL
    /// How many columns the list has.
    let width: Int
    let decode: @Sendable (inout RowReader) throws -> Row

    init(_ list: SQL, width: Int, decode: @escaping @Sendable (inout RowReader) throws -> Row) {
        self.list = list
        self.width = width
        self.decode = decode
    }

    /// Columns that are read as a tuple, in their order.
    package init<each Value>(_ columns: repeat Column<each Value>) where Row == (repeat each Value) {
        let list = columnList(repeat each columns)
        // Each value is read by its type, not by its column: one call through the witness table, nothing to look up.
        self.init(.joined(list), width: list.count) { row in (repeat try (each Value).decode(&row)) }
    }

    /// Columns that are read as what `make` builds of their values, in their order.
    package init<each Value>(
        _ columns: repeat Column<each Value>, make: @escaping @Sendable (repeat each Value) throws -> Row
    ) {
        let list = columnList(repeat each columns)
        self.init(.joined(list), width: list.count) { row in try make(repeat try (each Value).decode(&row)) }
    }

    package var projection: Projection { self }

    package func map<Other>(_ transform: @escaping @Sendable (Row) throws -> Other) -> Projection<Other> {
        let decode = decode
        return Projection<Other>(list, width: width) { row in try transform(try decode(&row)) }
    }

    /// Nil where every column is null: the other side of a left join.
    package var optional: Projection<Row?> {
        let (width, decode) = (width, decode)
        return Projection<Row?>(list, width: width) { row in row.skipNulls(width) ? nil : try decode(&row) }
    }

    /// Nil where the values cannot be read: for tables that somebody else may have written into.
    package var ifReadable: Projection<Row?> {
        let (width, decode) = (width, decode)
        return Projection<Row?>(list, width: width) { row in
            var attempt = row
            row.skip(width)
            return try? decode(&attempt)
        }
    }
}

private func columnList<each Value>(_ columns: repeat Column<each Value>) -> [SQL] {
    var list: [SQL] = []
    for column in repeat each columns { list.append(column.sql) }
    return list
}
