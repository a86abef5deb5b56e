/// A stretch of one day by the clock on the wall: from one minute to another, in no zone. A night shift is two of them.
package struct TimeWindow: Sendable, Hashable, Comparable {
    /// Minutes from midnight, 0 to 1439.
    package let start: Int
    /// Minutes from midnight, at most 1440, which is written 24:00.
    package let end: Int

    /// Nil for what is no stretch of one day.
    package init?(start: Int, end: Int) {
        guard start >= 0, start < end, end <= 1440 else { return nil }
        self.start = start
        self.end = end
    }

    /// `09:00` as minutes from midnight; `24:00` too; nil for anything else.
    package static func minutes(_ text: some StringProtocol) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"), let hour = number(bytes, 0, 2),
            let minute = number(bytes, 3, 5), minute < 60, hour < 24 || hour == 24 && minute == 0
        else { return nil }
        return hour * 60 + minute
    }

    package static func text(_ minutes: Int) -> String { "\(twoDigits(minutes / 60)):\(twoDigits(minutes % 60))" }

    package var startText: String { Self.text(start) }
    package var endText: String { Self.text(end) }

    package static func < (left: TimeWindow, right: TimeWindow) -> Bool {
        (left.start, left.end) < (right.start, right.end)
    }
}

extension [TimeWindow] {
    /// Whether no two of them share a minute; one may begin where another ends.
    package var areApart: Bool {
        let sorted = sorted()
        return zip(sorted, sorted.dropFirst()).allSatisfy { $0.end <= $1.start }
    }
}

/// The hours of a usual week; a day without windows is not in it.
package struct WeeklyHours: Sendable, Hashable {
    package let days: [Weekday: [TimeWindow]]

    package init(_ days: [Weekday: [TimeWindow]] = [:]) {
        self.days = days.filter { !$0.value.isEmpty }.mapValues { $0.sorted() }
    }

    package var isEmpty: Bool { days.isEmpty }
}
