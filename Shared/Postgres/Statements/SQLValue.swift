package import Kernel

/// A value on its way to the server. Texts go as text and take the type the statement gives them; bytes go as they are:
/// the binary form of the type they are bound to.
package enum SQLParameter: Sendable, Equatable {
    case null
    case text(String)
    case utf8([UInt8])
    case bytes([UInt8])
}

/// What can be bound to a statement and read from a row. Enumerations of strings conform by saying so.
package protocol SQLValue: Sendable {
    var sqlParameter: SQLParameter { get }
    /// Reads the binary form of a value that is not null; nil when a value of that type is none of these.
    static func read(_ value: Span<UInt8>, _ type: SQLType) -> Self?
    /// What a null is read as; nil for most.
    static var readFromNull: Self? { get }
    /// Reads the next value of a row. A requirement and not only an extension, so that a projection, which knows the
    /// type at run time alone, calls what was compiled for it.
    static func decode(_ row: inout RowReader) throws(DecodingFault) -> Self
    /// Many of them as one parameter, and read as one value. Requirements, so that bytes, which are no array to
    /// PostgreSQL, need no cast: that would look at each byte.
    static func arrayParameter(_ values: [Self]) -> SQLParameter
    static func readArray(_ value: Span<UInt8>, _ type: SQLType) -> [Self]?
}

extension SQLValue {
    package static var readFromNull: Self? { nil }
    package static func decode(_ row: inout RowReader) throws(DecodingFault) -> Self { try row.next() }
}

extension SQLValue where Self: RawRepresentable, RawValue: SQLValue {
    package var sqlParameter: SQLParameter { rawValue.sqlParameter }
    package static func read(_ value: Span<UInt8>, _ type: SQLType) -> Self? {
        RawValue.read(value, type).flatMap(Self.init(rawValue:))
    }
}

extension Optional: SQLValue where Wrapped: SQLValue {
    package var sqlParameter: SQLParameter { self?.sqlParameter ?? .null }
    package static func read(_ value: Span<UInt8>, _ type: SQLType) -> Wrapped?? {
        Wrapped.read(value, type).map { .some($0) }
    }
    package static var readFromNull: Wrapped?? { .some(nil) }
    package static func decode(_ row: inout RowReader) throws(DecodingFault) -> Wrapped? {
        row.skipNulls(1) ? nil : try Wrapped.decode(&row)
    }
}

extension String: SQLValue {
    package var sqlParameter: SQLParameter { .text(self) }
    package static func read(_ value: Span<UInt8>, _ type: SQLType) -> String? {
        if type.isText { return value.string }
        switch type {
        case .numeric: return NumericText.read(value)
        case .int8, .int4, .int2: return Int64.read(value, type).map { String($0) }
        case .uuid: return ID<String>.read(value, type)?.description
        default: return nil
        }
    }
}

extension Bool: SQLValue {
    package var sqlParameter: SQLParameter { .text(self ? "t" : "f") }
    package static func read(_ value: Span<UInt8>, _ type: SQLType) -> Bool? {
        type == .bool && value.count == 1 ? value[0] != 0 : nil
    }
}

extension Span<UInt8> {
    /// What is no UTF-8 becomes U+FFFD; the server sends none.
    var string: String { unsafe withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) } }
    var array: [UInt8] { unsafe withUnsafeBufferPointer { unsafe Array($0) } }
}

/// JSON as text, for `json` and `jsonb` columns.
package struct JSONText: SQLValue, Equatable {
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }
    package var sqlParameter: SQLParameter { .utf8(bytes) }
    package static func read(_ value: Span<UInt8>, _ type: SQLType) -> JSONText? {
        // The binary form of jsonb is its text behind a version.
        if type == .jsonb { return value.count > 0 ? JSONText(value.extracting(1..<value.count).array) : nil }
        return type.isText ? JSONText(value.array) : nil
    }
}

extension ID: SQLValue {
    package var sqlParameter: SQLParameter { .text(description) }
    package static func read(_ value: Span<UInt8>, _ type: SQLType) -> ID? {
        guard type == .uuid else { return type.isText ? ID(value) : nil }
        guard let high = value.integer(as: UInt64.self), let low = value.integer(at: 8, as: UInt64.self) else {
            return nil
        }
        return ID(high: high, low: low)
    }
    /// Read as an id of nothing in particular: with the entity's type, which is known at run time alone, the metadata
    /// of what is between would be looked up for each value.
    package static func decode(_ row: inout RowReader) throws(DecodingFault) -> ID {
        let id: ID<Never> = try row.next()
        return ID(high: id.high, low: id.low)
    }
}

extension Role: SQLValue {}
extension HospitalStatus: SQLValue {}
extension PrescribingPolicy: SQLValue {}
extension Specialization: SQLValue {}
extension AppointmentStatus: SQLValue {}
extension QueueStatus: SQLValue {}
extension WaitlistStatus: SQLValue {}
extension ReminderKind: SQLValue {}
