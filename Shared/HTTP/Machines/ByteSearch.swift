/// Finds a byte among many, eight at a time.
package enum ByteSearch {
    /// Where it stands first, or the end.
    package static func first(_ byte: UInt8, in bytes: Span<UInt8>, from start: Int) -> Int {
        var index = max(start, 0)
        while index &+ 8 <= bytes.count {
            let marks = EightBytes(bytes, at: index).marks(byte)
            if marks != 0 { return index &+ EightBytes.first(marks) }
            index &+= 8
        }
        while index < bytes.count, bytes[index] != byte { index &+= 1 }
        return index
    }
}
