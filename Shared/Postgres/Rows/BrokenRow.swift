/// A row whose columns were read and do not mean what they must: a fault of ours, or somebody has written past the
/// service. A caller sees an opaque 500; the row is named, and what stands in it never.
package struct BrokenRow: Error, Sendable, Equatable, CustomStringConvertible {
    package let table: String
    package let row: String

    package init(_ table: String, _ row: some CustomStringConvertible) {
        self.table = table
        self.row = row.description
    }

    package var description: String { "\(table) \(row) cannot be read" }
}
