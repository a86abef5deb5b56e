/// A field's value with parameters: `form-data; name="title"; filename="a.pdf"`.
struct ParameterList {
    /// In lower case.
    let value: String
    /// Names in lower case; no two are the same.
    private(set) var parameters: [(name: String, value: [UInt8])] = []

    private let bytes: [UInt8]
    private var index = 0

    /// Nil when it cannot be read, or a parameter comes twice.
    init?(_ bytes: [UInt8]) {
        self.bytes = bytes
        let end = bytes.firstIndex(of: UInt8(ascii: ";")) ?? bytes.count
        value = String(decoding: Self.trimmed(bytes[..<end]), as: UTF8.self).lowercased()
        index = end
        while index < bytes.count {
            guard readParameter() else { return nil }
        }
        guard Set(parameters.map(\.name)).count == parameters.count else { return nil }
    }

    subscript(_ name: String) -> [UInt8]? { parameters.first { $0.name == name }?.value }

    /// `; name=value` with blanks around the semicolon; a semicolon may stand alone.
    private mutating func readParameter() -> Bool {
        skipBlanks()
        if index == bytes.count { return true }
        guard take(UInt8(ascii: ";")) else { return false }
        skipBlanks()
        if index == bytes.count || bytes[index] == UInt8(ascii: ";") { return true }
        let name = token()
        guard !name.isEmpty, take(UInt8(ascii: "=")), let value = argument() else { return false }
        parameters.append((String(decoding: name, as: UTF8.self).lowercased(), value))
        return true
    }

    private mutating func argument() -> [UInt8]? {
        guard take(UInt8(ascii: "\"")) else {
            let value = token()
            return value.isEmpty ? nil : value
        }
        var value: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\"") { return value }
            value.append(byte == UInt8(ascii: "\\") ? unescaped() : byte)
        }
        return nil
    }

    /// The quote that a backslash escapes; else the backslash itself: browsers escape quotes alone, and paths are sent
    /// as they are.
    private mutating func unescaped() -> UInt8 {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
            return UInt8(ascii: "\\")
        }
        defer { index += 1 }
        return bytes[index]
    }

    private mutating func token() -> [UInt8] {
        let start = index
        while index < bytes.count, Self.isToken(bytes[index]) { index += 1 }
        return Array(bytes[start..<index])
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func skipBlanks() {
        while index < bytes.count, Self.isBlank(bytes[index]) { index += 1 }
    }

    /// Without the blanks at both ends.
    static func trimmed(_ text: ArraySlice<UInt8>) -> [UInt8] {
        text.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// RFC 9110 §5.6.2.
    static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E, 0x5F, 0x60, 0x7C, 0x7E: true
        default: false
        }
    }
}
