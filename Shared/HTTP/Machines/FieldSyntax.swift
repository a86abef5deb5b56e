/// The grammar of names and values, RFC 9110 §5, for what comes in and for what goes out.
package enum FieldSyntax {
    /// A set of ASCII characters as two words of bits.
    struct Characters: Sendable {
        let low: UInt64
        let high: UInt64

        func contains(_ byte: UInt8) -> Bool {
            let word = byte < 64 ? low : high
            return byte < 128 && (word >> UInt64(byte & 63)) & 1 == 1
        }
    }

    /// Letters, digits and ``!#$%&'*+-.^_`|~``.
    static let token = Characters(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE)
    /// Token without `_`: two spellings of one name (`Content_Length`) must not be two fields to a service behind us.
    static let name = Characters(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_47FF_FFFE)
    /// RFC 3986's unreserved, sub-delims, `%`, `:@/?` and, as many clients send them bare, `[]`.
    static let target = Characters(low: 0xAFFF_FFF2_0000_0000, high: 0x47FF_FFFE_AFFF_FFFF)

    static func all(_ bytes: Span<UInt8>, in range: Range<Int>, _ characters: Characters) -> Bool {
        for offset in range where !characters.contains(bytes[offset]) { return false }
        return true
    }

    static func isToken(_ bytes: Span<UInt8>) -> Bool {
        !bytes.isEmpty && all(bytes, in: 0..<bytes.count, token)
    }

    /// Whether we may send this as a field name: a token without `_`.
    package static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { name.contains($0) }
    }

    /// Whether we may send this as a field value: no control character but TAB, so no CR, LF or NUL; no blank around
    /// it.
    package static func isValue(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return true }
        return !isBlank(first) && !isBlank(last) && text.utf8.allSatisfy { isValueByte($0) }
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    static func isValueByte(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }

    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// The value of a hexadecimal digit.
    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte &- 0x30
        case 0x41...0x46: byte &- 0x37
        case 0x61...0x66: byte &- 0x57
        default: nil
        }
    }

    static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// Compares bytes with a text in lower case, without regard to ASCII case.
    static func equal(_ bytes: Span<UInt8>, _ range: Range<Int>, _ lower: StaticString) -> Bool {
        guard range.count == lower.utf8CodeUnitCount, range.upperBound <= bytes.count else { return false }
        return lower.withUTF8Buffer { wanted in
            for offset in 0..<wanted.count {
                let byte = bytes[range.lowerBound &+ offset]
                if unsafe lowercased(byte) != wanted[offset] { return false }
            }
            return true
        }
    }

    /// Compares two ranges, without regard to ASCII case.
    static func equal(_ bytes: Span<UInt8>, _ one: Range<Int>, _ other: Range<Int>) -> Bool {
        guard one.count == other.count else { return false }
        for (left, right) in zip(one, other) where lowercased(bytes[left]) != lowercased(bytes[right]) { return false }
        return true
    }

    /// Compares bytes with a text, case and all.
    static func isExactly(_ bytes: Span<UInt8>, _ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount, range.upperBound <= bytes.count else { return false }
        return text.withUTF8Buffer { wanted in
            for offset in 0..<wanted.count {
                let byte = bytes[range.lowerBound &+ offset]
                if unsafe byte != wanted[offset] { return false }
            }
            return true
        }
    }

    /// The range without the blanks around it.
    static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, isBlank(bytes[start]) { start &+= 1 }
        while start < end, isBlank(bytes[end &- 1]) { end &-= 1 }
        return start..<end
    }

    /// Gives each element of a comma-separated list, blanks trimmed, until the body says stop by returning false.
    static func elements(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ body: (Range<Int>) -> Bool
    ) {
        var start = range.lowerBound
        for offset in range where bytes[offset] == UInt8(ascii: ",") {
            guard body(trimmed(bytes, start..<offset)) else { return }
            start = offset + 1
        }
        _ = body(trimmed(bytes, start..<range.upperBound))
    }
}
