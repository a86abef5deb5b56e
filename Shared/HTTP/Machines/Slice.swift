/// A range of a message's bytes: offsets, not pointers, so the buffer may grow and move.
package struct Slice: Sendable, Hashable {
    package let start: UInt32
    package let count: UInt32

    package static let empty = Slice(0..<0)

    /// The range must lie within 4 GiB; heads are limited to far less.
    package init(_ range: Range<Int>) {
        start = UInt32(clamping: range.lowerBound)
        count = UInt32(clamping: range.count)
    }

    package var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
    package var isEmpty: Bool { count == 0 }

    /// The text there: nil when it is not UTF-8, or when the slice is not of these bytes.
    package func text(in bytes: Span<UInt8>) -> String? {
        guard range.upperBound <= bytes.count,
            let text = try? UTF8Span(validating: bytes.extracting(range))
        else { return nil }
        return String(copying: text)
    }
}

/// One header field; the value is without the blanks around it.
package struct HeaderField: Sendable, Hashable {
    package let name: Slice
    package let value: Slice
}
