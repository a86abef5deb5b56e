package import Kernel

/// A visit of which its patient is to be reminded now.
package struct ReminderFact: Sendable, Equatable {
    package let appointment: ID<Appointment>
    package let kind: ReminderKind
    package let hospital: ID<Hospital>
    package let doctor: ID<Doctor>?
    package let doctorAccount: ID<Account>?
    package let patient: ID<Patient>
    package let patientAccount: ID<Account>
    /// When the visit begins.
    package let start: Instant

    package init(
        appointment: ID<Appointment>, kind: ReminderKind, hospital: ID<Hospital>, doctor: ID<Doctor>?,
        doctorAccount: ID<Account>?, patient: ID<Patient>, patientAccount: ID<Account>, start: Instant
    ) {
        self.appointment = appointment
        self.kind = kind
        self.hospital = hospital
        self.doctor = doctor
        self.doctorAccount = doctorAccount
        self.patient = patient
        self.patientAccount = patientAccount
        self.start = start
    }

    static let shape = EventShape(
        about: .id("appointment_id", \.appointment), .choice("kind", \.kind), .id("hospital_id", \.hospital),
        .laterID("doctor_id", \.doctor), .laterID("doctor_account_id", \.doctorAccount),
        .id("patient_id", \.patient), .id("patient_account_id", \.patientAccount),
        .instant("start", \.start),
        sample: ReminderFact(
            appointment: .sample(9), kind: .dayBefore, hospital: .sample(7), doctor: .sample(4),
            doctorAccount: .sample(8), patient: .sample(3), patientAccount: .sample(1),
            start: Instant(seconds: 1_800_000_000)),
        make: ReminderFact.init)
}
