/// A moment in UTC, in whole microseconds since 1970 (PostgreSQL's own resolution, so that nothing is lost on the way).
package struct Instant: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }
    package init(seconds: Int64) { self.microseconds = seconds.multipliedReportingOverflow(by: 1_000_000).partialValue }

    /// Whole seconds since 1970, rounded down.
    package var seconds: Int64 { microseconds.flooredQuotient(by: 1_000_000) }
    package var milliseconds: Int64 { microseconds.flooredQuotient(by: 1000) }
    /// The day in UTC.
    package var date: CalendarDate {
        CalendarDate(daysSinceEpoch: Int(microseconds.flooredQuotient(by: 86_400_000_000)))
    }

    package static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }
    package static func + (left: Instant, right: Duration) -> Instant {
        Instant(microseconds: left.microseconds &+ right.wholeMicroseconds)
    }
    package static func - (left: Instant, right: Duration) -> Instant {
        Instant(microseconds: left.microseconds &- right.wholeMicroseconds)
    }
    package static func - (left: Instant, right: Instant) -> Duration {
        .microseconds(left.microseconds &- right.microseconds)
    }

    /// RFC 3339 in UTC with `Z`; the fraction is left out when it is zero, else it has six digits.
    package var rfc3339: String {
        let day = microseconds.flooredQuotient(by: 86_400_000_000)
        let rest = microseconds - day * 86_400_000_000
        let date = CalendarDate(daysSinceEpoch: Int(day))
        let second = rest / 1_000_000
        let clock = "\(twoDigits(second / 3600)):\(twoDigits(second / 60 % 60)):\(twoDigits(second % 60))"
        let fraction = rest % 1_000_000
        if fraction == 0 { return "\(date)T\(clock)Z" }
        let digits = String(fraction)
        return "\(date)T\(clock).\(String(repeating: "0", count: 6 - digits.count))\(digits)Z"
    }
    package var description: String { rfc3339 }
}

extension Duration {
    /// Whole microseconds, rounded towards zero; what does not fit in 64 bits wraps, which no caller's duration reaches.
    package var wholeMicroseconds: Int64 {
        components.seconds &* 1_000_000 &+ components.attoseconds / 1_000_000_000_000
    }
    /// Whole seconds, rounded up: what a `Retry-After` says.
    package var secondsRoundedUp: Int {
        Int(clamping: components.seconds) + (components.attoseconds > 0 ? 1 : 0)
    }
}

extension BinaryInteger {
    func flooredQuotient(by divisor: Self) -> Self {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

func twoDigits(_ value: some BinaryInteger) -> String { value < 10 ? "0\(value)" : "\(value)" }
