package import Kernel

/// A value on its way to the server. Texts go as text and take the type the statement gives them; bytes go as they are.
package enum SQLParameter: Sendable, Equatable {
    case null
    case text(String)
    case utf8([UInt8])
    case bytes([UInt8])
}

/// What can be bound to a statement and read from a row. Enumerations of strings conform by saying so.
package protocol SQLValue: Sendable {
    var sqlParameter: SQLParameter { get }
    /// Reads a value that is not null; nil when the bytes are not one.
    static func read(_ cell: Cell) -> Self?
    /// What a null is read as; nil for most.
    static var readFromNull: Self? { get }
}

extension SQLValue {
    package static var readFromNull: Self? { nil }
}

extension SQLValue where Self: RawRepresentable, RawValue: SQLValue {
    package var sqlParameter: SQLParameter { rawValue.sqlParameter }
    package static func read(_ cell: Cell) -> Self? { RawValue.read(cell).flatMap(Self.init(rawValue:)) }
}

extension Optional: SQLValue where Wrapped: SQLValue {
    package var sqlParameter: SQLParameter { self?.sqlParameter ?? .null }
    package static func read(_ cell: Cell) -> Wrapped?? { Wrapped.read(cell).map { .some($0) } }
    package static var readFromNull: Wrapped?? { .some(nil) }
}

extension String: SQLValue {
    package var sqlParameter: SQLParameter { .text(self) }
    package static func read(_ cell: Cell) -> String? { cell.text }
}

extension Bool: SQLValue {
    package var sqlParameter: SQLParameter { .text(self ? "t" : "f") }
    package static func read(_ cell: Cell) -> Bool? {
        switch cell.bytes {
        case [UInt8(ascii: "t")]: true
        case [UInt8(ascii: "f")]: false
        default: nil
        }
    }
}

extension SQLValue where Self: FixedWidthInteger {
    package var sqlParameter: SQLParameter { .text(String(self)) }
    package static func read(_ cell: Cell) -> Self? { Self(cell.text) }
}
extension Int: SQLValue {}
extension Int16: SQLValue {}
extension Int32: SQLValue {}
extension Int64: SQLValue {}

extension Double: SQLValue {
    package var sqlParameter: SQLParameter { .text(isInfinite ? (self < 0 ? "-infinity" : "infinity") : description) }
    package static func read(_ cell: Cell) -> Double? { Double(cell.text) }
}

/// JSON as text, for `json` and `jsonb` columns.
package struct JSONText: SQLValue, Equatable {
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }
    package var sqlParameter: SQLParameter { .utf8(bytes) }
    package static func read(_ cell: Cell) -> JSONText? { JSONText(cell.bytes) }
}

extension ID: SQLValue {
    package var sqlParameter: SQLParameter { .text(description) }
    package static func read(_ cell: Cell) -> ID? { ID(cell.text) }
}
