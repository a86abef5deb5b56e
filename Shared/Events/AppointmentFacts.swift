package import Kernel

/// A visit after something happened to it: whom it joins, where it stands, when it is, and who did it.
package struct AppointmentFact: Sendable, Equatable {
    package let appointment: ID<Appointment>
    package let hospital: ID<Hospital>
    package let hospitalAccount: ID<Account>
    package let department: ID<Department>?
    package let doctor: ID<Doctor>?
    package let doctorAccount: ID<Account>?
    package let patient: ID<Patient>
    /// Nil of a record without an account.
    package let patientAccount: ID<Account>?
    package let status: AppointmentStatus
    package let start: Instant
    /// Who did it; nil where the service itself did.
    package let actor: ID<Account>?
    /// The doctor it was taken from, and that doctor's account.
    package let formerDoctor: ID<Doctor>?
    package let formerDoctorAccount: ID<Account>?

    package init(
        appointment: ID<Appointment>, hospital: ID<Hospital>, hospitalAccount: ID<Account>,
        department: ID<Department>?, doctor: ID<Doctor>?, doctorAccount: ID<Account>?, patient: ID<Patient>,
        patientAccount: ID<Account>?, status: AppointmentStatus, start: Instant, actor: ID<Account>?,
        formerDoctor: ID<Doctor>? = nil, formerDoctorAccount: ID<Account>? = nil
    ) {
        self.appointment = appointment
        self.hospital = hospital
        self.hospitalAccount = hospitalAccount
        self.department = department
        self.doctor = doctor
        self.doctorAccount = doctorAccount
        self.patient = patient
        self.patientAccount = patientAccount
        self.status = status
        self.start = start
        self.actor = actor
        self.formerDoctor = formerDoctor
        self.formerDoctorAccount = formerDoctorAccount
    }

    static let shape = EventShape(
        about: .id("appointment_id", \.appointment), .id("hospital_id", \.hospital),
        .id("hospital_account_id", \.hospitalAccount), .laterID("department_id", \.department),
        .laterID("doctor_id", \.doctor), .laterID("doctor_account_id", \.doctorAccount),
        .id("patient_id", \.patient), .laterID("patient_account_id", \.patientAccount), .choice("status", \.status),
        .instant("start", \.start), .laterID("by_account_id", \.actor),
        .laterID("former_doctor_id", \.formerDoctor), .laterID("former_doctor_account_id", \.formerDoctorAccount),
        sample: AppointmentFact(
            appointment: .sample(9), hospital: .sample(7), hospitalAccount: .sample(10), department: .sample(11),
            doctor: .sample(4), doctorAccount: .sample(8), patient: .sample(3), patientAccount: .sample(1),
            status: .confirmed, start: Instant(seconds: 1_800_000_000), actor: .sample(1)),
        make: AppointmentFact.init)
}
