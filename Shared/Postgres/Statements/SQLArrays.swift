internal import Kernel

extension Array: SQLValue where Element: SQLValue {
    package var sqlParameter: SQLParameter { Element.arrayParameter(self) }
    package static func read(_ text: Span<UInt8>) -> [Element]? { Element.readArray(text) }
}

extension SQLValue {
    /// An array of the values' texts, for `= any(…)` and `unnest(…)`.
    package static func arrayParameter(_ values: [Self]) -> SQLParameter {
        .utf8(ArrayText.write(values.map(\.sqlParameter)))
    }

    package static func readArray(_ text: Span<UInt8>) -> [Self]? {
        guard let parts = ArrayText.read(text) else { return nil }
        var elements: [Self] = []
        elements.reserveCapacity(parts.count)
        for part in parts {
            guard let element = part.map({ read($0.span) }) ?? readFromNull else { return nil }
            elements.append(element)
        }
        return elements
    }
}

/// Bytes are `bytea`.
extension UInt8: SQLValue {
    package static func arrayParameter(_ values: [UInt8]) -> SQLParameter { .bytes(values) }
    package static func readArray(_ text: Span<UInt8>) -> [UInt8]? { Hexadecimal.bytes(in: text) }
}

/// One-dimensional arrays in PostgreSQL's text form: `{a,"b c",NULL}`.
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
            case .bytes(let value): append("\\x".utf8 + Hexadecimal.digits(of: value), to: &text)
            }
        }
        text.append(close)
        return text
    }

    /// The elements' texts, nil for null; nil as a whole when it is no such array.
    static func read(_ text: Span<UInt8>) -> [[UInt8]?]? {
        guard text.count >= 2, text[0] == open, text[text.count - 1] == close else { return nil }
        var elements: [[UInt8]?] = []
        var current: [UInt8] = []
        var isQuoted = false, isInside = false, isEscaped = false
        for index in 1..<(text.count - 1) {
            let byte = text[index]
            if isEscaped {
                current.append(byte)
                isEscaped = false
            } else if byte == escape {
                isEscaped = true
            } else if byte == quote {
                isInside.toggle()
                isQuoted = true
            } else if byte == comma, !isInside {
                elements.append(element(current, isQuoted))
                current = []
                isQuoted = false
            } else if byte == open, !isInside {
                return nil
            } else {
                current.append(byte)
            }
        }
        if isInside || isEscaped { return nil }
        if !elements.isEmpty || !current.isEmpty || isQuoted { elements.append(element(current, isQuoted)) }
        return elements
    }

    private static func element(_ bytes: [UInt8], _ isQuoted: Bool) -> [UInt8]? {
        !isQuoted && bytes == Array("NULL".utf8) ? nil : bytes
    }

    private static func append(_ value: some Sequence<UInt8>, to text: inout [UInt8]) {
        text.append(quote)
        for byte in value {
            if byte == quote || byte == escape { text.append(escape) }
            text.append(byte)
        }
        text.append(quote)
    }
}
