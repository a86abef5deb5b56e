/// The name of a slot, which is computed and stands in no table: the doctor and the minute it starts at in UTC,
/// `{doctor_id}_20270314T0930Z`.
package struct SlotID: Sendable, Hashable, CustomStringConvertible {
    package let doctor: ID<Doctor>
    package let start: Instant

    /// - Parameter start: a whole minute.
    package init(doctor: ID<Doctor>, start: Instant) {
        self.doctor = doctor
        self.start = start
    }

    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, let doctor = ID<Doctor>(parts[0]), let start = Self.start(Array(parts[1].utf8)) else {
            return nil
        }
        self.init(doctor: doctor, start: start)
    }

    private static func start(_ bytes: [UInt8]) -> Instant? {
        guard bytes.count == 14, bytes[8] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: "Z"),
            let year = number(bytes, 0, 4), let month = number(bytes, 4, 6), let day = number(bytes, 6, 8),
            let date = CalendarDate(year: year, month: month, day: day), let hour = number(bytes, 9, 11), hour < 24,
            let minute = number(bytes, 11, 13), minute < 60
        else { return nil }
        return Instant(seconds: Int64(date.daysSinceEpoch * 86_400 + hour * 3600 + minute * 60))
    }

    package var description: String {
        // `2027-03-14T09:30:00Z` without its signs and seconds.
        let digits = start.rfc3339.utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") }
        return "\(doctor)_\(String(decoding: digits.prefix(13), as: UTF8.self))Z"
    }
}
