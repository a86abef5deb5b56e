/// Strict RFC 8259: one value in UTF-8 without byte order mark, every byte validated, equal keys refused (also keys
/// that Unicode calls equal: `é` composed and decomposed), no `\u0000`, no lone surrogate, no number a double cannot
/// stand for.
package enum JSONReader {
    package static func read(
        _ bytes: [UInt8], limits: JSONLimits = .default
    ) throws(JSONFault) -> JSONValue {
        try read(bytes.span, limits: limits)
    }

    package static func read(
        _ bytes: Span<UInt8>, limits: JSONLimits = .default
    ) throws(JSONFault) -> JSONValue {
        guard bytes.count <= limits.bytes else { throw JSONFault(.documentTooLong, at: limits.bytes) }
        if bytes.count >= 2, let mark = byteOrderMark(bytes[0], bytes[1]) { throw mark }
        var cursor = JSONCursor(limits: limits)
        cursor.skipBlanks(bytes)
        let value = try cursor.value(bytes, depth: 0)
        cursor.skipBlanks(bytes)
        guard cursor.at == bytes.count else { throw JSONFault(.trailingBytes, at: cursor.at) }
        return value
    }

    /// The first two bytes of the mark in UTF-8 and both orders of UTF-16.
    private static func byteOrderMark(_ first: UInt8, _ second: UInt8) -> JSONFault? {
        switch (first, second) {
        case (0xEF, 0xBB), (0xFE, 0xFF), (0xFF, 0xFE): JSONFault(.byteOrderMark, at: 0)
        default: nil
        }
    }
}
