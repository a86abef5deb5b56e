package import Kernel

/// PostgreSQL counts days and microseconds from 2000-01-01, Kernel from 1970-01-01.
private enum Epoch {
    static let days = 10_957
    static let microseconds: Int64 = 946_684_800_000_000
}

extension CalendarDate: SQLValue {
    package var sqlParameter: SQLParameter { .text(description) }

    /// Infinities and years that `CalendarDate` does not know are none of ours.
    package static func read(_ value: Span<UInt8>, _ type: SQLType) -> CalendarDate? {
        guard type == .date, let days = value.integer(as: Int32.self) else { return nil }
        let date = CalendarDate(daysSinceEpoch: Int(days) + Epoch.days)
        return date.daysSinceEpoch == Int(days) + Epoch.days ? date : nil
    }
}

extension Instant: SQLValue {
    package var sqlParameter: SQLParameter { .text(rfc3339) }

    /// Infinities and years before Christ are none of ours.
    package static func read(_ value: Span<UInt8>, _ type: SQLType) -> Instant? {
        guard type == .timestamptz, let count = value.integer(as: Int64.self) else { return nil }
        let (microseconds, isOverflow) = count.addingReportingOverflow(Epoch.microseconds)
        let instant = Instant(microseconds: microseconds)
        return isOverflow || instant < .earliest || instant > .latest ? nil : instant
    }
}

extension Duration: SQLValue {
    package var sqlParameter: SQLParameter { .text("\(wholeMicroseconds) microseconds") }

    /// Reads a number of microseconds, as `extract(epoch from …) * 1000000` cast to `bigint` gives it: an interval
    /// itself can hold months, which are no duration.
    package static func read(_ value: Span<UInt8>, _ type: SQLType) -> Duration? {
        Int64.read(value, type).map { .microseconds($0) }
    }
}
