package import Kernel

/// The days of which slots are asked: dates in the doctor's zone, both included.
package struct SlotDays: Sendable, Equatable {
    package static let atMost = 62
    /// Days after the first, where no last one is named.
    package static let usual = 7

    package let first: CalendarDate
    package let last: CalendarDate

    /// - Parameter today: in the doctor's zone; the first day where none is named.
    package init(from: CalendarDate?, to: CalendarDate?, today: CalendarDate) throws(Problem) {
        first = from ?? today
        last = to ?? first.adding(days: Self.usual)
        if last < first { throw .field("to", "Must not be before from.") }
        if last.daysSinceEpoch - first.daysSinceEpoch >= Self.atMost {
            throw .field("to", "Ask for at most \(Self.atMost) days.")
        }
    }
}

extension CalendarDate {
    package func adding(days: Int) -> CalendarDate { CalendarDate(daysSinceEpoch: daysSinceEpoch + days) }
}
