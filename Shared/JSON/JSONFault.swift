/// Why a document was refused and where; never what it said. `offset` is in bytes from the document's start.
package struct JSONFault: Error, Sendable, Equatable {
    /// Stable words: they may be logged and counted.
    package enum Reason: String, Sendable, CaseIterable {
        case unexpectedByte = "unexpected_byte"
        case unexpectedEnd = "unexpected_end"
        case trailingBytes = "trailing_bytes"
        case byteOrderMark = "byte_order_mark"
        case invalidUTF8 = "invalid_utf8"
        case invalidEscape = "invalid_escape"
        case loneSurrogate = "lone_surrogate"
        case nulCharacter = "nul_character"
        case controlCharacter = "control_character"
        case invalidNumber = "invalid_number"
        case numberOutOfRange = "number_out_of_range"
        case duplicateKey = "duplicate_key"
        case tooDeep = "too_deep"
        case tooManyNodes = "too_many_nodes"
        case stringTooLong = "string_too_long"
        case keysTooLong = "keys_too_long"
        case numberTooLong = "number_too_long"
        case documentTooLong = "document_too_long"
    }

    package let reason: Reason
    package let offset: Int

    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}
