/// Which bytes may stand in a string as they are, RFC 8259 §7: neither quote nor backslash nor control character.
enum JSONBytes {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// Whether two texts of one length are the same; eight bytes at a time, of which the last may be compared again.
    static func areEqual(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        let (left, right) = (UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
        func word(_ bytes: UnsafeRawBufferPointer, at index: Int) -> UInt64 {
            unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        }
        var index = 0
        while index + 8 <= left.count {
            guard unsafe word(left, at: index) == word(right, at: index) else { return false }
            index += 8
        }
        if index > 0 { return unsafe word(left, at: left.count - 8) == word(right, at: left.count - 8) }
        while index < left.count, unsafe left[index] == right[index] { index += 1 }
        return index == left.count
    }

    /// Whether all eight bytes are plain. Each term has a byte's high bit set where the byte is one of those sought; a
    /// borrow can mark a byte too many, but only beside a true one.
    static func allPlain(_ word: UInt64) -> Bool {
        let quote = word ^ (ones &* 0x22)
        let slash = word ^ (ones &* 0x5C)
        let found = (word &- ones &* 0x20) & ~word | (quote &- ones) & ~quote | (slash &- ones) & ~slash
        return found & highs == 0
    }
}
