/// Text that leaves on a wire is composed as bytes: appending to an array costs a copy, joining strings costs a string
/// each.
extension [UInt8] {
    package mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { unsafe append(contentsOf: $0) }
    }

    package mutating func append(_ text: String) {
        append(text.utf8.span, 0..<text.utf8.count)
    }

    /// All bytes of another array. `append(contentsOf:)` would keep it for as long, which costs more than copying it.
    @inline(__always)
    package mutating func append(all bytes: borrowing [UInt8]) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// The bytes at `range` of others; it must lie within them.
    @inline(__always)
    package mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        unsafe bytes.extracting(range).withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    package mutating func append(decimal number: Int) {
        if number < 0 { append(UInt8(ascii: "-")) }
        var rest = number.magnitude
        if rest < 10 { return append(0x30 &+ UInt8(truncatingIfNeeded: rest)) }
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var first = 20
            repeat {
                first &-= 1
                unsafe digits[first] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            unsafe append(contentsOf: UnsafeBufferPointer(rebasing: digits[first...]))
        }
    }

    /// 16 lower-case hexadecimal digits.
    package mutating func append(hexadecimal word: UInt64) {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) { digits in
            for index in 0..<16 { unsafe digits[index] = Self.hexDigit(word, index) }
            unsafe append(contentsOf: UnsafeBufferPointer(digits))
        }
    }

    /// The canonical text of an id, 36 characters, from its two halves: not generic over what it names, since a generic
    /// of another module is called through tables.
    package mutating func append(uuid high: UInt64, _ low: UInt64) {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 36) { text in
            for dash in 0..<4 { unsafe text[8 &+ 5 &* dash] = UInt8(ascii: "-") }
            for index in 0..<16 {
                unsafe text[index &+ (index < 8 ? 0 : index < 12 ? 1 : 2)] = Self.hexDigit(high, index)
                unsafe text[index &+ (index < 4 ? 19 : 20)] = Self.hexDigit(low, index)
            }
            unsafe append(contentsOf: UnsafeBufferPointer(text))
        }
    }

    private static func hexDigit(_ word: UInt64, _ index: Int) -> UInt8 {
        let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 &- 4 &* index)) & 0xF
        return nibble < 10 ? 0x30 &+ nibble : 0x57 &+ nibble
    }
}
