package import Kernel

/// A version of a prescription: whose it is and who wrote it, and nothing of what is in it.
package struct PrescriptionFact: Sendable, Equatable {
    package let prescription: ID<Prescription>
    /// From 1.
    package let version: Int
    package let patient: ID<Patient>
    /// Nil of a record without an account.
    package let patientAccount: ID<Account>?
    package let doctor: ID<Doctor>?
    package let doctorAccount: ID<Account>
    package let hospital: ID<Hospital>?
    package let hospitalAccount: ID<Account>?
    /// The visit it was written for, which is over by it.
    package let appointment: ID<Appointment>?

    package init(
        prescription: ID<Prescription>, version: Int, patient: ID<Patient>, patientAccount: ID<Account>?,
        doctor: ID<Doctor>?, doctorAccount: ID<Account>, hospital: ID<Hospital>?, hospitalAccount: ID<Account>?,
        appointment: ID<Appointment>?
    ) {
        self.prescription = prescription
        self.version = version
        self.patient = patient
        self.patientAccount = patientAccount
        self.doctor = doctor
        self.doctorAccount = doctorAccount
        self.hospital = hospital
        self.hospitalAccount = hospitalAccount
        self.appointment = appointment
    }

    static let shape = EventShape(
        about: .id("prescription_id", \.prescription),
        .number("prescription_version") { @Sendable fact in Int64(fact.version) },
        .id("patient_id", \.patient), .laterID("patient_account_id", \.patientAccount),
        .laterID("doctor_id", \.doctor), .id("doctor_account_id", \.doctorAccount),
        .laterID("hospital_id", \.hospital), .laterID("hospital_account_id", \.hospitalAccount),
        .laterID("appointment_id", \.appointment),
        sample: PrescriptionFact(
            prescription: .sample(12), version: 1, patient: .sample(3), patientAccount: .sample(1),
            doctor: .sample(4), doctorAccount: .sample(8), hospital: .sample(7), hospitalAccount: .sample(10),
            appointment: .sample(9)),
        make: PrescriptionFact.init)
}
