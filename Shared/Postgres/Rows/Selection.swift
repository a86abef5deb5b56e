/// What a statement selects: a `Column`, or several as a `Projection`.
package protocol Selection<Row>: Sendable {
    associatedtype Row
    var projection: Projection<Row> { get }
}

extension Selection {
    /// Selects both, and reads a pair.
    package static func + <Other: Selection>(left: Self, right: Other) -> Projection<(Row, Other.Row)> {
        let (left, right) = (left.projection, right.projection)
        let (first, second) = (left.decode, right.decode)
        return Projection(left.list + ", " + right.list, width: left.width + right.width) { row in
            (try first(&row), try second(&row))
        }
    }
}

/// One column of a select list and the type it is read as: `Column<Instant>("a.starts")`, `Column<Int>("count(*)")`. An
/// optional type reads null as nil.
package struct Column<Value: SQLValue>: Selection {
    let sql: SQL

    package init(_ sql: SQL) { self.sql = sql }

    package var projection: Projection<Value> { Projection(self) }
}
