import Kernel

/// Named fields as bytes to be signed: each length stands before its text, so that no two lists of fields give the same
/// bytes.
package enum CanonicalText {
    package static func bytes(_ fields: [(String, String)]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(fields.reduce(0) { $0 + $1.0.utf8.count + $1.1.utf8.count + 16 })
        for (name, value) in fields { append(name, value.utf8.span, to: &result) }
        return result
    }

    /// One more field, behind those that are there.
    /// - Parameter value: in UTF-8.
    static func append(_ name: String, _ value: Span<UInt8>, to bytes: inout [UInt8]) {
        append(name.utf8.span, end: UInt8(ascii: "="), to: &bytes)
        append(value, end: 0x0A, to: &bytes)
    }

    private static func append(_ text: Span<UInt8>, end: UInt8, to bytes: inout [UInt8]) {
        bytes.append(decimal: text.count)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(text, 0..<text.count)
        bytes.append(end)
    }

    package static func text(_ fields: [(String, String)]) -> String { String(decoding: bytes(fields), as: UTF8.self) }
}
