package import Kernel

// The server's session runs in UTC with ISO dates, so each of these has one text form.

extension CalendarDate: SQLValue {
    package var sqlParameter: SQLParameter { .text(description) }
    package static func read(_ cell: Cell) -> CalendarDate? { CalendarDate(cell.text) }
}

extension Instant: SQLValue {
    package var sqlParameter: SQLParameter { .text(rfc3339) }

    /// `2026-01-31 12:00:00[.fraction]+00`; infinities and years before Christ are none of ours.
    package static func read(_ cell: Cell) -> Instant? {
        var reader = DigitReader(cell.bytes)
        guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2), reader.skip("-"),
            let day = reader.number(2), let date = CalendarDate(year: year, month: month, day: day), reader.skip(" "),
            let hour = reader.number(2), reader.skip(":"), let minute = reader.number(2), reader.skip(":"),
            let second = reader.number(2)
        else { return nil }
        let fraction = reader.skip(".") ? reader.microseconds() : 0
        guard reader.skip("+"), reader.number(2) == 0, reader.isAtEnd else { return nil }
        let seconds = Int64(date.daysSinceEpoch) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
        return Instant(microseconds: seconds * 1_000_000 + fraction)
    }
}

extension Duration: SQLValue {
    package var sqlParameter: SQLParameter { .text("\(wholeMicroseconds) microseconds") }

    /// Reads a number of microseconds, as `extract(epoch from …) * 1000000` cast to `bigint` gives it: an interval
    /// itself can hold months, which are no duration.
    package static func read(_ cell: Cell) -> Duration? { Int64(cell.text).map { .microseconds($0) } }
}

/// Reads fixed-width decimal fields from bytes.
private struct DigitReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
        position += 1
        return true
    }

    mutating func number(_ width: Int) -> Int? {
        guard bytes.count - position >= width else { return nil }
        var number = 0
        for _ in 0..<width {
            guard let digit = digit() else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    /// Up to six digits after the point.
    mutating func microseconds() -> Int64 {
        var value: Int64 = 0
        var width = 0
        while width < 6, let digit = digit() {
            value = value * 10 + Int64(digit)
            width += 1
        }
        while width < 6 {
            value *= 10
            width += 1
        }
        return value
    }

    private mutating func digit() -> Int? {
        guard position < bytes.count, (48...57).contains(bytes[position]) else { return nil }
        defer { position += 1 }
        return Int(bytes[position] - 48)
    }
}
