import Forms
import JSON
package import Kernel

/// A number in a doctor's queue, and how long it will take.
package struct QueueTokenView: View {
    package let id: ID<QueueToken>
    package let doctor: ID<Doctor>
    package let date: CalendarDate
    package let number: Int
    package let status: QueueStatus
    package let appointment: ID<Appointment>?
    package let patient: ID<Patient>?
    /// For hospital and doctor alone.
    package let label: String?
    package let ahead: Int
    package let expectedWaitMinutes: Int
    package let issuedAt: Instant
    package let calledAt: Instant?
    package let servedAt: Instant?
    package let doneAt: Instant?

    package init(
        id: ID<QueueToken>, doctor: ID<Doctor>, date: CalendarDate, number: Int, status: QueueStatus,
        appointment: ID<Appointment>?, patient: ID<Patient>?, label: String?, ahead: Int, expectedWaitMinutes: Int,
        issuedAt: Instant, calledAt: Instant?, servedAt: Instant?, doneAt: Instant?
    ) {
        self.id = id
        self.doctor = doctor
        self.date = date
        self.number = number
        self.status = status
        self.appointment = appointment
        self.patient = patient
        self.label = label
        self.ahead = ahead
        self.expectedWaitMinutes = expectedWaitMinutes
        self.issuedAt = issuedAt
        self.calledAt = calledAt
        self.servedAt = servedAt
        self.doneAt = doneAt
    }

    package static let shape = Shape<QueueTokenView>(
        "QueueToken", .id("id") { $0.id }, .id("doctor_id") { $0.doctor }, .text("date") { $0.date.description },
        .integer("number") { $0.number },
        .choice("status", QueueStatus.allCases.map(\.rawValue)) { $0.status.rawValue },
        .maybeID("appointment_id") { $0.appointment }, .maybeID("patient_id") { $0.patient },
        .maybe("label") { $0.label }, .integer("ahead") { $0.ahead },
        .integer("expected_wait_minutes") { $0.expectedWaitMinutes }, .instant("issued_at") { $0.issuedAt },
        .maybeInstant("called_at") { $0.calledAt }, .maybeInstant("served_at") { $0.servedAt },
        .maybeInstant("done_at") { $0.doneAt })
}

/// What hangs in the waiting room: numbers and states, no names.
package struct QueueBoardView: View {
    package let doctor: ID<Doctor>
    package let date: CalendarDate
    package let waiting: Int
    package let tokens: [QueueBoardEntry]

    package init(doctor: ID<Doctor>, date: CalendarDate, waiting: Int, tokens: [QueueBoardEntry]) {
        self.doctor = doctor
        self.date = date
        self.waiting = waiting
        self.tokens = tokens
    }

    package static let shape = Shape<QueueBoardView>(
        "QueueBoard", .id("doctor_id") { $0.doctor }, .text("date") { $0.date.description },
        .integer("waiting") { $0.waiting }, .views("tokens") { $0.tokens })
}

/// One line of the board.
package struct QueueBoardEntry: View {
    package let id: ID<QueueToken>
    package let number: Int
    package let status: QueueStatus
    package let ahead: Int
    package let expectedWaitMinutes: Int

    package init(id: ID<QueueToken>, number: Int, status: QueueStatus, ahead: Int, expectedWaitMinutes: Int) {
        self.id = id
        self.number = number
        self.status = status
        self.ahead = ahead
        self.expectedWaitMinutes = expectedWaitMinutes
    }

    package static let shape = Shape<QueueBoardEntry>(
        "QueueBoardEntry", .id("id") { $0.id }, .integer("number") { $0.number },
        .choice("status", QueueStatus.allCases.map(\.rawValue)) { $0.status.rawValue },
        .integer("ahead") { $0.ahead }, .integer("expected_wait_minutes") { $0.expectedWaitMinutes })
}
