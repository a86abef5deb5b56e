/// A moment in UTC, in whole microseconds since 1970 (PostgreSQL's own resolution, so that nothing is lost on the way).
package struct Instant: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }
    /// Saturates at the ends of `Int64` microseconds, 292,000 years from 1970.
    package init(seconds: Int64) { microseconds = seconds.saturatingProduct(with: 1_000_000) }

    /// The first and the last moment that RFC 3339, PostgreSQL's four-digit years and `CalendarDate` can write.
    package static let earliest = Instant(microseconds: -62_135_596_800_000_000)
    package static let latest = Instant(microseconds: 253_402_300_799_999_999)

    /// Whole seconds since 1970, rounded down.
    package var seconds: Int64 { microseconds.flooredQuotient(by: 1_000_000) }
    package var milliseconds: Int64 { microseconds.flooredQuotient(by: 1000) }
    /// The day in UTC.
    package var date: CalendarDate {
        CalendarDate(daysSinceEpoch: Int(microseconds.flooredQuotient(by: 86_400_000_000)))
    }

    package static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }
    package static func + (left: Instant, right: Duration) -> Instant {
        Instant(microseconds: left.microseconds.saturatingSum(with: right.wholeMicroseconds))
    }
    package static func - (left: Instant, right: Duration) -> Instant {
        Instant(microseconds: left.microseconds.saturatingDifference(with: right.wholeMicroseconds))
    }
    package static func - (left: Instant, right: Instant) -> Duration {
        .microseconds(left.microseconds.saturatingDifference(with: right.microseconds))
    }

    /// RFC 3339 in UTC with `Z`; the fraction is left out when it is zero, else it has six digits. A moment outside the
    /// years 1 to 9999, which RFC 3339 cannot write, is written as the nearest inside.
    package var shortText: ShortText {
        let microseconds = min(max(self, .earliest), .latest).microseconds
        let day = microseconds.flooredQuotient(by: 86_400_000_000)
        let rest = microseconds - day * 86_400_000_000
        let (second, fraction) = rest.quotientAndRemainder(dividingBy: 1_000_000)
        var text = ShortText()
        text.append(CalendarDate(daysSinceEpoch: Int(day)))
        text.append(UInt8(ascii: "T"))
        text.append(second / 3600, digits: 2)
        text.append(UInt8(ascii: ":"))
        text.append(second / 60 % 60, digits: 2)
        text.append(UInt8(ascii: ":"))
        text.append(second % 60, digits: 2)
        if fraction != 0 {
            text.append(UInt8(ascii: "."))
            text.append(fraction, digits: 6)
        }
        text.append(UInt8(ascii: "Z"))
        return text
    }
    /// The same as a `String`.
    package var rfc3339: String { shortText.string }
    package var description: String { rfc3339 }
}

extension Duration {
    /// Whole microseconds, rounded towards zero; saturates at the ends of `Int64`.
    package var wholeMicroseconds: Int64 {
        components.seconds.saturatingProduct(with: 1_000_000)
            .saturatingSum(with: components.attoseconds / 1_000_000_000_000)
    }
    /// Whole seconds, rounded up: what a `Retry-After` says.
    package var secondsRoundedUp: Int {
        Int(clamping: components.seconds.saturatingSum(with: components.attoseconds > 0 ? 1 : 0))
    }
}

extension Int64 {
    func saturatingSum(with other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
    func saturatingDifference(with other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other < 0 ? .max : .min) : difference
    }
    /// - Parameter other: positive.
    func saturatingProduct(with other: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? (self < 0 ? .min : .max) : product
    }
}

extension BinaryInteger {
    func flooredQuotient(by divisor: Self) -> Self {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

func twoDigits(_ value: some BinaryInteger) -> String { value < 10 ? "0\(value)" : "\(value)" }
