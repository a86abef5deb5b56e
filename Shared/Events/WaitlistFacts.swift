package import Kernel

/// An entry of the waitlist that was offered a time, or whose offer was not taken.
package struct WaitlistFact: Sendable, Equatable {
    package let entry: ID<WaitlistEntry>
    package let patientAccount: ID<Account>
    package let hospital: ID<Hospital>
    /// Whose time was offered.
    package let doctor: ID<Doctor>
    /// When that time begins.
    package let start: Instant

    package init(
        entry: ID<WaitlistEntry>, patientAccount: ID<Account>, hospital: ID<Hospital>, doctor: ID<Doctor>,
        start: Instant
    ) {
        self.entry = entry
        self.patientAccount = patientAccount
        self.hospital = hospital
        self.doctor = doctor
        self.start = start
    }

    static let shape = EventShape(
        about: .id("waitlist_entry_id", \.entry), .id("patient_account_id", \.patientAccount),
        .id("hospital_id", \.hospital), .id("doctor_id", \.doctor), .instant("start", \.start),
        sample: WaitlistFact(
            entry: .sample(11), patientAccount: .sample(1), hospital: .sample(7), doctor: .sample(4),
            start: Instant(seconds: 1_800_000_000)),
        make: WaitlistFact.init)
}

/// A doctor's day on which time ahead became free. It says no time: that is anybody's to book at once.
package struct SlotFreedFact: Sendable, Equatable {
    package let doctor: ID<Doctor>
    package let hospital: ID<Hospital>
    /// Nil where registry could not be asked.
    package let doctorAccount: ID<Account>?
    /// In the doctor's zone.
    package let day: CalendarDate

    package init(doctor: ID<Doctor>, hospital: ID<Hospital>, doctorAccount: ID<Account>?, day: CalendarDate) {
        self.doctor = doctor
        self.hospital = hospital
        self.doctorAccount = doctorAccount
        self.day = day
    }

    static let shape = EventShape(
        about: .id("doctor_id", \.doctor), .id("hospital_id", \.hospital),
        .laterID("doctor_account_id", \.doctorAccount), .date("day", \.day),
        sample: SlotFreedFact(
            doctor: .sample(4), hospital: .sample(7), doctorAccount: .sample(8),
            day: Instant(seconds: 1_800_000_000).date),
        make: SlotFreedFact.init)
}
