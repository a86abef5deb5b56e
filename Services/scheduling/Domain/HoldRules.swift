package import Kernel

/// How many slots a patient keeps, and what is said where one cannot be had.
package enum HoldRules {
    /// Holds of one patient at a time; offers of the waitlist are not counted.
    package static let atMost = 3

    package static let tooMany = Problem.conflict(
        "You hold \(atMost) slots already: book or release one of them first.")
}

/// What waiting for a time means.
package enum WaitlistRules {
    /// Entries of one patient that wait or have an offer.
    package static let atMost = 5
    /// How long an offer can be taken.
    package static let offerTime: Duration = .seconds(15 * 60)
    /// How much longer its time stays busy, so that it is handed on before anybody else sees it.
    package static let handOver: Duration = .seconds(30)
    /// A time that begins sooner is offered to nobody.
    package static let shortest: Duration = .seconds(30 * 60)

    package static let tooMany = Problem.conflict("You are \(atMost) times on the waitlist already: leave one first.")
}

/// A doctor whose time became free and can be others'.
package struct FreedDoctor: Sendable, Equatable {
    /// Nil where it is not known.
    package let account: ID<Account>?
    /// The hospital's, in which days are counted where the doctor has no schedule.
    package let zone: String

    package init(account: ID<Account>?, zone: String) {
        self.account = account
        self.zone = zone
    }
}

/// A doctor's time that became free.
package struct FreedTime: Sendable, Equatable {
    package let doctor: ID<Doctor>
    package let hospital: ID<Hospital>
    /// That of the visit that was there, else the doctor's: by it the time is offered on, whoever had it meanwhile.
    package let department: ID<Department>?
    package let start: Instant
    package let end: Instant
    /// The end and the doctor's buffer.
    package let busyUntil: Instant
    /// Who gave it up: they are not offered it.
    package let patient: ID<Patient>?

    package init(
        doctor: ID<Doctor>, hospital: ID<Hospital>, department: ID<Department>?, start: Instant, end: Instant,
        busyUntil: Instant, patient: ID<Patient>?
    ) {
        self.doctor = doctor
        self.hospital = hospital
        self.department = department
        self.start = start
        self.end = end
        self.busyUntil = busyUntil
        self.patient = patient
    }
}
