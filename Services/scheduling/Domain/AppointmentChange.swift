package import Kernel

/// One line of a visit's history.
package struct AppointmentChange: Sendable, Equatable {
    package let appointment: ID<Appointment>
    /// The version it made.
    package let number: Int64
    package let at: Instant
    package let actor: AppointmentActor
    package let fromStatus: AppointmentStatus?
    package let toStatus: AppointmentStatus
    package let fromStart: Instant?
    package let toStart: Instant
    package let fromDoctor: ID<Doctor>?
    package let toDoctor: ID<Doctor>?

    package init(
        appointment: ID<Appointment>, number: Int64, at: Instant, actor: AppointmentActor,
        fromStatus: AppointmentStatus?, toStatus: AppointmentStatus, fromStart: Instant?, toStart: Instant,
        fromDoctor: ID<Doctor>?, toDoctor: ID<Doctor>?
    ) {
        self.appointment = appointment
        self.number = number
        self.at = at
        self.actor = actor
        self.fromStatus = fromStatus
        self.toStatus = toStatus
        self.fromStart = fromStart
        self.toStart = toStart
        self.fromDoctor = fromDoctor
        self.toDoctor = toDoctor
    }

    /// - Parameter before: nil of a new visit.
    package init(from before: AppointmentRecord?, to after: AppointmentRecord, by actor: AppointmentActor) {
        self.init(
            appointment: after.id, number: after.version, at: after.updatedAt, actor: actor,
            fromStatus: before?.status, toStatus: after.status, fromStart: before?.time.lowerBound,
            toStart: after.time.lowerBound, fromDoctor: before?.parties.doctor, toDoctor: after.parties.doctor)
    }
}
