package import Kernel

/// A visit as a calendar shows it. It names hospital and doctor, never department, specialty or reason.
package struct CalendarEntry: Sendable, Equatable {
    /// RFC 5545 §3.8.1.11 STATUS of an event.
    package enum Status: String, Sendable {
        case tentative = "TENTATIVE"
        case confirmed = "CONFIRMED"
        case cancelled = "CANCELLED"
    }

    package let appointment: ID<Appointment>
    /// One more at each change of the time.
    package let sequence: Int
    package let changedAt: Instant
    package let start: Instant
    package let end: Instant
    package let status: Status
    package let summary: String
    package let location: String

    package init(
        appointment: ID<Appointment>, sequence: Int, changedAt: Instant, start: Instant, end: Instant, status: Status,
        summary: String, location: String
    ) {
        self.appointment = appointment
        self.sequence = sequence
        self.changedAt = changedAt
        self.start = start
        self.end = end
        self.status = status
        self.summary = summary
        self.location = location
    }

    /// - Parameter hospital, doctor: by the names that people know.
    package init(
        appointment: ID<Appointment>, sequence: Int, changedAt: Instant, start: Instant, end: Instant, status: Status,
        hospital: String, doctor: String?
    ) {
        self.init(
            appointment: appointment, sequence: sequence, changedAt: changedAt, start: start, end: end, status: status,
            summary: doctor.map { "Appointment with \($0)" } ?? "Appointment", location: hospital)
    }

    /// The same for life, so that a calendar that imports a change replaces what it has.
    package var uid: String { "\(appointment)@praxis" }
}

extension CalendarEntry.Status {
    /// What calendars are told of a visit: a calendar knows no visit that took place.
    package init(_ status: AppointmentStatus) {
        switch status {
        case .requested: self = .tentative
        case .confirmed, .checkedIn, .completed, .noShow: self = .confirmed
        case .rejected, .cancelled: self = .cancelled
        }
    }
}
