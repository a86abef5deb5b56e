internal import Kernel

extension Array: SQLValue where Element: SQLValue {
    package var sqlParameter: SQLParameter { Element.arrayParameter(self) }
    package static func read(_ value: Span<UInt8>, _ type: SQLType) -> [Element]? { Element.readArray(value, type) }
}

extension SQLValue {
    /// An array of the values' texts, for `= any(…)` and `unnest(…)`.
    package static func arrayParameter(_ values: [Self]) -> SQLParameter {
        .utf8(ArrayText.write(values.map { $0.sqlParameter }))
    }

    package static func readArray(_ value: Span<UInt8>, _ type: SQLType) -> [Self]? {
        ArrayBytes.read(value)
    }
}

/// Bytes are `bytea`.
extension UInt8: SQLValue {
    package static func arrayParameter(_ values: [UInt8]) -> SQLParameter { .bytes(values) }
    package static func readArray(_ value: Span<UInt8>, _ type: SQLType) -> [UInt8]? {
        type == .bytea ? value.array : nil
    }
}

/// Arrays in PostgreSQL's text form: `{a,"b c",NULL}`.
enum ArrayText {
    private static let quote = UInt8(ascii: "\""), escape = UInt8(ascii: "\\"), comma = UInt8(ascii: ",")
    private static let open = UInt8(ascii: "{"), close = UInt8(ascii: "}")

    static func write(_ elements: [SQLParameter]) -> [UInt8] {
        var text: [UInt8] = [open]
        for (index, element) in elements.enumerated() {
            if index > 0 { text.append(comma) }
            switch element {
            case .null: text += "NULL".utf8
            case .text(let value): append(value.utf8, to: &text)
            case .utf8(let value): append(value, to: &text)
            case .bytes(let value): append("\\x".utf8 + hexadecimal(value), to: &text)
            }
        }
        text.append(close)
        return text
    }

    private static func append(_ value: some Sequence<UInt8>, to text: inout [UInt8]) {
        text.append(quote)
        for byte in value {
            if byte == quote || byte == escape { text.append(escape) }
            text.append(byte)
        }
        text.append(quote)
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }
}

/// One-dimensional arrays in PostgreSQL's binary form: how many dimensions, whether there are nulls, the elements'
/// type, their number, the first one's index; then each element's length (-1 for null) and bytes.
enum ArrayBytes {
    private static let headCount = 20

    static func write<Number: FixedWidthInteger>(_ values: [Number], of type: SQLType) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(headCount + 12 * values.count)
        func append(_ number: some FixedWidthInteger) {
            unsafe withUnsafeBytes(of: number.bigEndian) { unsafe bytes.append(contentsOf: $0) }
        }
        append(Int32(values.isEmpty ? 0 : 1))
        append(Int32(0))
        append(type.oid)
        if values.isEmpty { return bytes }
        append(Int32(clamping: values.count))
        append(Int32(1))
        for value in values {
            append(Int32(MemoryLayout<Number>.size))
            append(value)
        }
        return bytes
    }

    /// Nil when it is no such array, or holds what cannot be read as `Element`.
    static func read<Element: SQLValue>(_ value: Span<UInt8>) -> [Element]? {
        guard let dimensions = value.integer(at: 0, as: Int32.self), let oid = value.integer(at: 8, as: UInt32.self)
        else { return nil }
        if dimensions == 0 { return [] }
        guard dimensions == 1, let count = value.integer(at: 12, as: Int32.self), count >= 0 else { return nil }
        var elements: [Element] = []
        var offset = headCount
        for _ in 0..<count {
            guard let length = value.integer(at: offset, as: Int32.self) else { return nil }
            offset += 4
            let end = offset + max(Int(length), 0)
            guard end <= value.count else { return nil }
            let element =
                length < 0 ? Element.readFromNull : Element.read(value.extracting(offset..<end), SQLType(oid: oid))
            guard let element else { return nil }
            elements.append(element)
            offset = end
        }
        return elements
    }
}
