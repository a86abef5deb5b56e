package import Kernel

/// A number in a doctor's queue of one day.
package struct QueueNumber: Sendable, Equatable {
    package let id: ID<QueueToken>
    package let doctor: ID<Doctor>
    package let hospital: ID<Hospital>
    /// The day in the doctor's zone.
    package let day: CalendarDate
    package let number: Int
    package let appointment: ID<Appointment>?
    package let patient: ID<Patient>?
    package let patientAccount: ID<Account>?
    package var status: QueueStatus
    package let issuedAt: Instant
    package var calledAt: Instant?
    package var servedAt: Instant?
    package var doneAt: Instant?

    package init(
        id: ID<QueueToken>, doctor: ID<Doctor>, hospital: ID<Hospital>, day: CalendarDate, number: Int,
        appointment: ID<Appointment>?, patient: ID<Patient>?, patientAccount: ID<Account>?, status: QueueStatus,
        issuedAt: Instant, calledAt: Instant?, servedAt: Instant?, doneAt: Instant?
    ) {
        self.id = id
        self.doctor = doctor
        self.hospital = hospital
        self.day = day
        self.number = number
        self.appointment = appointment
        self.patient = patient
        self.patientAccount = patientAccount
        self.status = status
        self.issuedAt = issuedAt
        self.calledAt = calledAt
        self.servedAt = servedAt
        self.doneAt = doneAt
    }

    /// The same in another status; each time is that of the last step there.
    package func changed(to status: QueueStatus, at now: Instant) -> QueueNumber {
        var copy = self
        copy.status = status
        switch status {
        case .waiting:
            copy.calledAt = nil
            copy.servedAt = nil
            copy.doneAt = nil
        case .called:
            copy.calledAt = now
            copy.servedAt = nil
            copy.doneAt = nil
        case .inService:
            copy.calledAt = calledAt ?? now
            // Back from DONE: the visit goes on, it does not begin anew.
            copy.servedAt = servedAt ?? now
            copy.doneAt = nil
        case .done: copy.doneAt = now
        case .skipped, .left: break
        }
        return copy
    }
}
