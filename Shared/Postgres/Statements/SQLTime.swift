package import Kernel

// The server's session runs in UTC with ISO dates, so each of these has one text form.

extension CalendarDate: SQLValue {
    package var sqlParameter: SQLParameter { .text(description) }
    package static func read(_ text: Span<UInt8>) -> CalendarDate? { CalendarDate(text.string) }
}

extension Instant: SQLValue {
    package var sqlParameter: SQLParameter { .text(rfc3339) }

    /// `2026-01-31 12:00:00[.fraction]+00`; infinities and years before Christ are none of ours.
    package static func read(_ text: Span<UInt8>) -> Instant? {
        var reader = DigitReader()
        guard let year = reader.number(4, text), reader.skip("-", text), let month = reader.number(2, text),
            reader.skip("-", text),
            let day = reader.number(2, text), let date = CalendarDate(year: year, month: month, day: day),
            reader.skip(" ", text),
            let hour = reader.number(2, text), reader.skip(":", text), let minute = reader.number(2, text),
            reader.skip(":", text),
            let second = reader.number(2, text)
        else { return nil }
        let fraction = reader.skip(".", text) ? reader.microseconds(text) : 0
        guard reader.skip("+", text), reader.number(2, text) == 0, reader.position == text.count else { return nil }
        let seconds = Int64(date.daysSinceEpoch) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
        return Instant(microseconds: seconds * 1_000_000 + fraction)
    }
}

extension Duration: SQLValue {
    package var sqlParameter: SQLParameter { .text("\(wholeMicroseconds) microseconds") }

    /// Reads a number of microseconds, as `extract(epoch from …) * 1000000` cast to `bigint` gives it: an interval
    /// itself can hold months, which are no duration.
    package static func read(_ text: Span<UInt8>) -> Duration? { Int64(text.string).map { .microseconds($0) } }
}

/// Reads fixed-width decimal fields one after the other. It keeps its position alone: a span cannot be stored yet.
private struct DigitReader {
    var position = 0

    mutating func skip(_ character: Unicode.Scalar, _ text: Span<UInt8>) -> Bool {
        guard position < text.count, UInt32(text[position]) == character.value else { return false }
        position += 1
        return true
    }

    mutating func number(_ width: Int, _ text: Span<UInt8>) -> Int? {
        guard text.count - position >= width else { return nil }
        var number = 0
        for _ in 0..<width {
            guard let digit = digit(text) else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    /// Up to six digits after the point.
    mutating func microseconds(_ text: Span<UInt8>) -> Int64 {
        var value: Int64 = 0
        var width = 0
        while width < 6, let digit = digit(text) {
            value = value * 10 + Int64(digit)
            width += 1
        }
        while width < 6 {
            value *= 10
            width += 1
        }
        return value
    }

    private mutating func digit(_ text: Span<UInt8>) -> Int? {
        guard position < text.count, (48...57).contains(text[position]) else { return nil }
        defer { position += 1 }
        return Int(text[position] - 48)
    }
}
