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
