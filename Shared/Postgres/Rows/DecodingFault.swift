/// Why rows could not be read: the statement and the code that reads it disagree.
package struct DecodingFault: Error, Sendable, Equatable {
    /// How a column and the type it is read as disagree.
    package enum Reason: Sendable, Equatable {
        case isNull
        /// A value of the column's type is none of this one.
        case isNot(String)
        /// So many columns came, and not as many as the projection has.
        case columnCount(Int)
        /// So many rows came where there must be one.
        case rowCount(Int)
    }

    package let reason: Reason
    /// Counted from 0 in the order of the select list.
    package let column: Int?

    init(_ reason: Reason, column: Int? = nil) {
        self.reason = reason
        self.column = column
    }
}
