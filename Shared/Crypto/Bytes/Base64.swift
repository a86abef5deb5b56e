/// base64url without padding (RFC 4648 §5), as JOSE wants it.
package enum Base64URL {
    private static let alphabet = Base64Alphabet("-_")

    package static func encode(_ bytes: [UInt8]) -> String { alphabet.encode(bytes) }
    package static func encode(_ text: String) -> String { alphabet.encode(Array(text.utf8)) }
    package static func append(_ bytes: [UInt8], to text: inout [UInt8]) { alphabet.append(bytes, to: &text) }

    /// Characters of 32 bytes.
    package static let characters32 = 43

    /// Writes 32 bytes over the 43 characters from `offset` on.
    package static func write(_ bytes: SIMD32<UInt8>, over text: inout [UInt8], at offset: Int) {
        precondition(offset >= 0 && offset &+ characters32 <= text.count, "beyond the text")
        unsafe text.withUnsafeMutableBufferPointer { text in
            unsafe withUnsafeBytes(of: bytes) { bytes in
                for group in 0..<10 {
                    let first = 3 &* group
                    let bits =
                        unsafe UInt32(bytes[first]) << 16 | UInt32(bytes[first &+ 1]) << 8 | UInt32(bytes[first &+ 2])
                    let start = offset &+ 4 &* group
                    unsafe text[start] = digit(bits >> 18)
                    unsafe text[start &+ 1] = digit(bits >> 12)
                    unsafe text[start &+ 2] = digit(bits >> 6)
                    unsafe text[start &+ 3] = digit(bits)
                }
                let bits = unsafe UInt32(bytes[30]) << 16 | UInt32(bytes[31]) << 8
                unsafe text[offset &+ 40] = digit(bits >> 18)
                unsafe text[offset &+ 41] = digit(bits >> 12)
                unsafe text[offset &+ 42] = digit(bits >> 6)
            }
        }
    }

    private static let digits: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    @inline(__always)
    private static func digit(_ bits: UInt32) -> UInt8 { unsafe digits.utf8Start[Int(bits & 63)] }

    /// Nil for any character outside the alphabet, padding and white space included, an impossible length, or bits left
    /// over that are not zero: of every value exactly one text decodes to it.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? { alphabet.decode(Array(text.utf8)) }
    package static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? { alphabet.decode(Array(text)) }
}

/// base64 with padding (RFC 4648 §4), as PEM, Django and mail want it; as strict.
package enum Base64 {
    private static let alphabet = Base64Alphabet("+/")

    package static func encode(_ bytes: [UInt8]) -> String {
        let text = alphabet.encode(bytes)
        return text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    }

    package static func decode(_ text: String) -> [UInt8]? {
        var digits = Array(text.utf8)
        guard digits.count % 4 == 0 else { return nil }
        for _ in 0..<2 where digits.last == UInt8(ascii: "=") { digits.removeLast() }
        return alphabet.decode(digits)
    }
}

/// Encoding and decoding by table.
struct Base64Alphabet: Sendable {
    private let digits: [UInt8]
    private let values: [UInt8]
    private static let none: UInt8 = 0xFF

    init(_ last: StaticString) {
        let digits = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789\(last)".utf8)
        var values = [UInt8](repeating: Self.none, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        self.digits = digits
        self.values = values
    }

    func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        append(bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    func append(_ bytes: [UInt8], to text: inout [UInt8]) {
        var gathered: UInt32 = 0
        var bits: UInt32 = 0
        for byte in bytes {
            gathered = gathered << 8 | UInt32(byte)
            bits &+= 8
            while bits >= 6 {
                bits &-= 6
                text.append(digits[Int(gathered >> bits & 63)])
            }
        }
        if bits > 0 { text.append(digits[Int(gathered << (6 &- bits) & 63)]) }
    }

    func decode(_ text: [UInt8]) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(text.count * 3 / 4)
        var gathered: UInt32 = 0
        var bits = 0
        for digit in text {
            let value = values[Int(digit)]
            guard value != Self.none else { return nil }
            gathered = gathered << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                result.append(UInt8(truncatingIfNeeded: gathered >> UInt32(bits)))
            }
        }
        return gathered & (1 << UInt32(bits) - 1) == 0 ? result : nil
    }
}

/// Lower-case hexadecimal.
package enum Hex {
    package static func encode(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Either case; nil for an odd count or another character.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var result: [UInt8] = []
        var high: UInt8?
        for byte in text.utf8 {
            let value: UInt8
            switch byte {
            case 0x30...0x39: value = byte - 0x30
            case 0x41...0x46: value = byte - 0x41 + 10
            case 0x61...0x66: value = byte - 0x61 + 10
            default: return nil
            }
            if let first = high {
                result.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return high == nil ? result : nil
    }
}
