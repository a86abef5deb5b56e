/// Short texts of digits, letters and signs, written into one piece of memory: ids, dates and times are written by the
/// thousand. None of their bytes needs an escape anywhere.
package struct ShortText {
    private var bytes = InlineArray<40, UInt8>(repeating: 0)
    private var count = 0

    init() {}

    /// Reads the bytes where they lie.
    package func read<Made>(_ read: (Span<UInt8>) -> Made) -> Made { read(bytes.span.extracting(0..<count)) }

    var string: String {
        unsafe String(unsafeUninitializedCapacity: count) { buffer in
            for index in 0..<count { unsafe buffer[index] = bytes[index] }
            return count
        }
    }

    mutating func append(_ byte: UInt8) {
        bytes[count] = byte
        count += 1
    }

    /// The last `digits` decimal digits of a number that is not negative.
    mutating func append(_ number: Int64, digits: Int) {
        var rest = number
        for index in stride(from: count + digits - 1, through: count, by: -1) {
            bytes[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += digits
    }

    mutating func append(_ date: CalendarDate) {
        append(Int64(date.year), digits: 4)
        append(UInt8(ascii: "-"))
        append(Int64(date.month), digits: 2)
        append(UInt8(ascii: "-"))
        append(Int64(date.day), digits: 2)
    }
}
