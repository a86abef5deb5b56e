// Postgres: questions to PostgreSQL through libpq, without ever blocking an event loop. Text that binds its values,
// rows that know their types, one shared pipelined connection per loop for reads, a few more for transactions,
// migrations, notifications. What the statements say is the services' business; which Problem a refusal means is said
// at the call.

/// A statement. An interpolated value is always bound as a parameter, never spliced into the text; only another `SQL`
/// (`\(sql: fragment)`) and the columns of a `Selection` are spliced. The text with its `$n` is what a prepared
/// statement is kept under, so it should have few forms.
package struct SQL: Sendable, ExpressibleByStringInterpolation {
    /// The text around the values: one piece more than there are values.
    private var pieces: [String]
    private(set) var values: [SQLParameter]

    package init(stringLiteral text: StaticString) {
        pieces = [text.description]
        values = []
    }

    package init(stringInterpolation interpolation: StringInterpolation) { self = interpolation.sql }

    /// For text made of names this module has checked itself.
    init(checked text: String) {
        pieces = [text]
        values = []
    }

    /// The statement as the server sees it.
    package var text: String {
        guard pieces.count > 1 else { return pieces[0] }
        var text = ""
        text.reserveCapacity(pieces.reduce(8 * pieces.count) { $0 + $1.utf8.count })
        for (index, piece) in pieces.enumerated() {
            if index > 0 {
                text += "$"
                text += String(index)
            }
            text += piece
        }
        return text
    }

    package var isEmpty: Bool { pieces.count == 1 && pieces[0].isEmpty }

    package static func + (left: SQL, right: SQL) -> SQL { "\(sql: left)\(sql: right)" }

    /// Fragments in a row with `separator` between them: conditions, columns, assignments.
    package static func joined(_ fragments: [SQL], by separator: SQL = ", ") -> SQL {
        var joined: SQL = ""
        for (index, fragment) in fragments.enumerated() {
            if index > 0 { joined.splice(separator) }
            joined.splice(fragment)
        }
        return joined
    }

    private mutating func splice(_ other: SQL) {
        pieces[pieces.count - 1] += other.pieces[0]
        pieces += other.pieces.dropFirst()
        values += other.values
    }

    /// Puts values into a statement as parameters.
    package struct StringInterpolation: StringInterpolationProtocol {
        var sql: SQL = SQL(checked: "")

        package init(literalCapacity: Int, interpolationCount: Int) {
            sql.pieces.reserveCapacity(interpolationCount + 1)
            sql.values.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: StaticString) {
            sql.pieces[sql.pieces.count - 1] += literal.description
        }

        package mutating func appendInterpolation(_ value: some SQLValue) {
            sql.values.append(value.sqlParameter)
            sql.pieces.append("")
        }

        /// Nil is bound as null. (Said apart, so that the compiler does not take an optional for a slip.)
        package mutating func appendInterpolation<Value: SQLValue>(_ value: Value?) {
            sql.values.append(value.sqlParameter)
            sql.pieces.append("")
        }

        package mutating func appendInterpolation(sql fragment: SQL) { sql.splice(fragment) }

        /// Writes the columns.
        package mutating func appendInterpolation(_ selection: some Selection) { sql.splice(selection.projection.list) }
    }
}
