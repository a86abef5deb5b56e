package import Forms
package import JSON
package import Kernel

/// A doctor's schedule as it is written: all of it, at once.
package struct ScheduleBody: Input {
    /// An IANA name; whether the database knows it, the handler asks.
    package let timezone: String
    package let slotMinutes: Int
    package let bufferMinutes: Int
    package let minimumNoticeMinutes: Int
    package let horizonDays: Int
    package let cancelCutoffMinutes: Int
    package let autoConfirm: Bool
    package let weeklyHours: WeeklyHours

    /// Two years: nobody is asked further ahead.
    private static let longest = 730 * 24 * 60

    package static let form = Form(
        .text("timezone", 1...64), .integer("slot_minutes", 5...480), .integer("buffer_minutes", 0...240).or(0),
        .integer("minimum_notice_minutes", 0...longest).or(0), .integer("horizon_days", 1...730).or(90),
        .integer("cancel_cutoff_minutes", 0...longest).or(0), .boolean("auto_confirm").or(false),
        .weeklyHours("weekly_hours"))

    package static let properties = form.properties

    package init(_ source: Source) throws(Problem) {
        (
            timezone, slotMinutes, bufferMinutes, minimumNoticeMinutes, horizonDays, cancelCutoffMinutes, autoConfirm,
            weeklyHours
        ) = try Self.form.read(source)
    }

    package static let example: JSONValue? = [
        "timezone": "America/New_York", "slot_minutes": 30, "buffer_minutes": 10, "minimum_notice_minutes": 120,
        "horizon_days": 90, "cancel_cutoff_minutes": 1440, "auto_confirm": false,
        "weekly_hours": [
            "monday": [["start": "09:00", "end": "12:00"], ["start": "13:00", "end": "17:00"]],
            "thursday": [["start": "20:00", "end": "24:00"]],
        ],
    ]
}
