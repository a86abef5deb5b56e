extension FixedWidthInteger {
    /// Its bytes, the most significant first: how numbers stand in binary formats and protocols.
    package var bigEndianBytes: [UInt8] {
        (0..<Self.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: self >> Self($0 * 8)) }
    }
}
