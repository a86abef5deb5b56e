package import Kernel

/// A doctor whose hours changed, and who changed them.
package struct ScheduleFact: Sendable, Equatable {
    package let doctor: ID<Doctor>
    package let hospital: ID<Hospital>
    package let doctorAccount: ID<Account>?
    /// The hospital's; nil in an event recorded before it was told.
    package let hospitalAccount: ID<Account>?
    /// Who did it; nil in an event recorded before it was told.
    package let actor: ID<Account>?

    package init(
        doctor: ID<Doctor>, hospital: ID<Hospital>, doctorAccount: ID<Account>?, hospitalAccount: ID<Account>?,
        actor: ID<Account>?
    ) {
        self.doctor = doctor
        self.hospital = hospital
        self.doctorAccount = doctorAccount
        self.hospitalAccount = hospitalAccount
        self.actor = actor
    }

    static let shape = EventShape(
        about: .id("doctor_id", \.doctor), .id("hospital_id", \.hospital),
        .laterID("doctor_account_id", \.doctorAccount), .laterID("hospital_account_id", \.hospitalAccount),
        .laterID("by_account_id", \.actor),
        sample: ScheduleFact(
            doctor: .sample(4), hospital: .sample(7), doctorAccount: .sample(8), hospitalAccount: .sample(10),
            actor: .sample(8)),
        make: ScheduleFact.init)
}

/// The visits ahead that lie outside a doctor's hours since they changed.
package struct ScheduleAffectedFact: Sendable, Equatable {
    /// How many visits are named at most; the rest is asked for.
    package static let limit = 200

    package let schedule: ScheduleFact
    package let appointments: [ID<Appointment>]

    package init(schedule: ScheduleFact, appointments: [ID<Appointment>]) {
        self.schedule = schedule
        self.appointments = appointments
    }

    static let shape: EventShape<ScheduleAffectedFact> = EventShape(
        about: .id("doctor_id", \.schedule.doctor), .id("hospital_id", \.schedule.hospital),
        .laterID("doctor_account_id", \.schedule.doctorAccount),
        .laterID("hospital_account_id", \.schedule.hospitalAccount), .laterID("by_account_id", \.schedule.actor),
        .ids("appointment_ids", atMost: limit, \.appointments),
        sample: ScheduleAffectedFact(schedule: ScheduleFact.shape.sample, appointments: [.sample(9)])
    ) { doctor, hospital, account, hospitalAccount, actor, appointments in
        ScheduleAffectedFact(
            schedule: ScheduleFact(
                doctor: doctor, hospital: hospital, doctorAccount: account, hospitalAccount: hospitalAccount,
                actor: actor),
            appointments: appointments)
    }
}
