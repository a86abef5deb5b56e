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
    /// Reads the text form of a value that is not null; nil when it is none.
    static func read(_ text: Span<UInt8>) -> Self?
    /// What a null is read as; nil for most.
    static var readFromNull: Self? { get }
    /// Reads the next value of a row. A requirement and not only an extension, so that a projection, which knows the
    /// type at run time alone, calls what was compiled for it.
    static func decode(_ row: inout RowReader) throws(DecodingFault) -> Self
    /// Many of them as one parameter, and read as one value. Requirements, so that bytes, which are no array to
    /// PostgreSQL, need no cast: that would look at each byte.
    static func arrayParameter(_ values: [Self]) -> SQLParameter
    static func readArray(_ text: Span<UInt8>) -> [Self]?
}

extension SQLValue {
    package static var readFromNull: Self? { nil }
    package static func decode(_ row: inout RowReader) throws(DecodingFault) -> Self { try row.next() }
}

extension SQLValue where Self: RawRepresentable, RawValue: SQLValue {
    package var sqlParameter: SQLParameter { rawValue.sqlParameter }
    package static func read(_ text: Span<UInt8>) -> Self? { RawValue.read(text).flatMap(Self.init(rawValue:)) }
}

extension Optional: SQLValue where Wrapped: SQLValue {
    package var sqlParameter: SQLParameter { self?.sqlParameter ?? .null }
    package static func read(_ text: Span<UInt8>) -> Wrapped?? { Wrapped.read(text).map { .some($0) } }
    package static var readFromNull: Wrapped?? { .some(nil) }
    package static func decode(_ row: inout RowReader) throws(DecodingFault) -> Wrapped? {
        row.skipNulls(1) ? nil : try Wrapped.decode(&row)
    }
}

extension String: SQLValue {
    package var sqlParameter: SQLParameter { .text(self) }
    package static func read(_ text: Span<UInt8>) -> String? { text.string }
}

extension Bool: SQLValue {
    package var sqlParameter: SQLParameter { .text(self ? "t" : "f") }
    package static func read(_ text: Span<UInt8>) -> Bool? {
        guard text.count == 1 else { return nil }
        switch text[0] {
        case UInt8(ascii: "t"): return true
        case UInt8(ascii: "f"): return false
        default: return nil
        }
    }
}

extension Span<UInt8> {
    /// What is no UTF-8 becomes U+FFFD; the server sends none.
    var string: String { unsafe withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) } }
    var bytes: [UInt8] { unsafe withUnsafeBufferPointer { unsafe Array($0) } }
}

extension SQLValue where Self: FixedWidthInteger {
    package var sqlParameter: SQLParameter { .text(String(self)) }
    package static func read(_ text: Span<UInt8>) -> Self? { Self(text.string) }
}
extension Int: SQLValue {}
extension Int16: SQLValue {}
extension Int32: SQLValue {}
extension Int64: SQLValue {}

extension Double: SQLValue {
    package var sqlParameter: SQLParameter { .text(isInfinite ? (self < 0 ? "-infinity" : "infinity") : description) }
    package static func read(_ text: Span<UInt8>) -> Double? { Double(text.string) }
}

/// JSON as text, for `json` and `jsonb` columns.
package struct JSONText: SQLValue, Equatable {
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }
    package var sqlParameter: SQLParameter { .utf8(bytes) }
    package static func read(_ text: Span<UInt8>) -> JSONText? { JSONText(text.bytes) }
}

extension ID: SQLValue {
    package var sqlParameter: SQLParameter { .text(description) }
    package static func read(_ text: Span<UInt8>) -> ID? { ID(text) }
}

extension Role: SQLValue {}
extension Specialization: SQLValue {}
