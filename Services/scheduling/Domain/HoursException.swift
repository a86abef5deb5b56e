package import Kernel

/// What makes a stretch of a doctor's time different from the usual week.
package struct HoursException: Sendable, Equatable {
    /// What is different.
    package enum Difference: Sendable, Equatable {
        /// No hours on this day.
        case closed(CalendarDate)
        /// These hours instead of the weekday's.
        case hours(CalendarDate, [TimeWindow])
        /// Away from one moment to another, whatever the hours are.
        case away(Range<Instant>)
    }

    package let id: ID<ScheduleException>
    package let doctor: ID<Doctor>
    package let hospital: ID<Hospital>
    package let difference: Difference
    /// For the hospital and the doctor; personal.
    package let note: String?

    package init(
        id: ID<ScheduleException>, doctor: ID<Doctor>, hospital: ID<Hospital>, difference: Difference, note: String?
    ) {
        self.id = id
        self.doctor = doctor
        self.hospital = hospital
        self.difference = difference
        self.note = note
    }

    package static let isTaken = Problem.conflict("This date is closed or has hours of its own already.")
}
