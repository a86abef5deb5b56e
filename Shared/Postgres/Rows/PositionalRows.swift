internal import CPostgres
package import Kernel

/// What a statement gave back. The memory is libpq's and is freed with the last copy.
package struct Rows: RandomAccessCollection, Sendable {
    let result: ServerResult
    package let count: Int

    init(_ result: ServerResult) {
        self.result = result
        count = result.rowCount
    }

    package var startIndex: Int { 0 }
    package var endIndex: Int { count }
    package subscript(position: Int) -> Row { Row(result: result, index: position) }

    /// Rows inserted, updated or deleted; for a `select`, rows returned.
    package var affected: Int { result.affected }

    /// The only row; a statement that gives none or several is a mistake of ours.
    package var one: Row {
        get throws(DecodingFault) {
            guard count == 1 else { throw DecodingFault(.rowCount(count)) }
            return self[0]
        }
    }
}

/// One row; columns are counted from 0 in the order the statement names them.
package struct Row: Sendable {
    let result: ServerResult
    let index: Int

    /// The value itself, or why it cannot be: null where no null is allowed, or something else than was asked for.
    package func decode<Value: SQLValue>(_ column: Int, as _: Value.Type = Value.self) throws(DecodingFault) -> Value {
        guard column >= 0, column < result.columnCount else { throw DecodingFault(.columnCount(0), column: column) }
        guard let bytes = result.bytes(row: index, column: column) else {
            guard let value = Value.readFromNull else { throw DecodingFault(.isNull, column: column) }
            return value
        }
        guard let value = Value.read(bytes.span) else {
            throw DecodingFault(.isNot(String(describing: Value.self)), column: column)
        }
        return value
    }

    package func text(_ column: Int) throws(DecodingFault) -> String { try decode(column) }
    package func integer(_ column: Int) throws(DecodingFault) -> Int { try decode(column) }
    package func bool(_ column: Int) throws(DecodingFault) -> Bool { try decode(column) }
    package func instant(_ column: Int) throws(DecodingFault) -> Instant { try decode(column) }
    package func date(_ column: Int) throws(DecodingFault) -> CalendarDate { try decode(column) }
    package func bytes(_ column: Int) throws(DecodingFault) -> [UInt8] { try decode(column) }
    package func id<Entity>(_ column: Int, of _: Entity.Type = Entity.self) throws(DecodingFault) -> ID<Entity> {
        try decode(column)
    }

    package func optionalText(_ column: Int) throws(DecodingFault) -> String? { try decode(column) }
    package func optionalInteger(_ column: Int) throws(DecodingFault) -> Int? { try decode(column) }
    package func optionalInstant(_ column: Int) throws(DecodingFault) -> Instant? { try decode(column) }
    package func optionalDate(_ column: Int) throws(DecodingFault) -> CalendarDate? { try decode(column) }
    package func optionalID<Entity>(_ column: Int, of _: Entity.Type = Entity.self) throws(DecodingFault) -> ID<Entity>?
    {
        try decode(column)
    }

    package func isNull(_ column: Int) -> Bool { result.bytes(row: index, column: column) == nil }

    /// The text form's bytes, for what passes them on unread (`jsonb` into an answer).
    package func raw(_ column: Int) -> [UInt8]? { result.bytes(row: index, column: column) }

    /// The number of the column called `name`.
    package func column(_ name: String) throws(DecodingFault) -> Int {
        guard let column = result.column(named: name) else { throw DecodingFault(.columnCount(0)) }
        return column
    }
}
