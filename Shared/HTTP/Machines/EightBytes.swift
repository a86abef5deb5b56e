/// Eight bytes of a message looked at together: a mark is the high bit of a byte that was looked for, and the lowest
/// mark is right.
struct EightBytes {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080
    private let word: UInt64

    /// Those at `offset`; they must be there.
    @inline(__always)
    init(_ bytes: Span<UInt8>, at offset: Int) {
        word = unsafe bytes.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self).littleEndian
    }

    /// Marks of those that are below 0x20, or 0x7F.
    @inline(__always)
    var controls: UInt64 { (word &- Self.ones &* 0x20) & ~word & Self.highs | marks(0x7F) }

    @inline(__always)
    func marks(_ byte: UInt8) -> UInt64 {
        let other = word ^ (Self.ones &* UInt64(byte))
        return (other &- Self.ones) & ~other & Self.highs
    }

    /// Which of the eight the lowest mark stands for.
    @inline(__always)
    static func first(_ marks: UInt64) -> Int { marks.trailingZeroBitCount / 8 }
}
