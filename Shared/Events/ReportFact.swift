package import Kernel

/// A report: whose it is and who uploaded it, and nothing of what is in it.
package struct ReportFact: Sendable, Equatable {
    /// How many readers are named at most.
    package static let limit = 50

    package let report: ID<Report>
    package let patient: ID<Patient>
    /// Nil of a record without an account.
    package let patientAccount: ID<Account>?
    package let uploadedBy: ID<Account>
    /// The doctor of the visit it belongs to, or who uploaded it.
    package let doctorAccount: ID<Account>?
    package let appointment: ID<Appointment>?
    /// Doctors who may read the patient's records at that moment, by a grant.
    package let readers: [ID<Account>]

    package init(
        report: ID<Report>, patient: ID<Patient>, patientAccount: ID<Account>?, uploadedBy: ID<Account>,
        doctorAccount: ID<Account>?, appointment: ID<Appointment>?, readers: [ID<Account>] = []
    ) {
        self.report = report
        self.patient = patient
        self.patientAccount = patientAccount
        self.uploadedBy = uploadedBy
        self.doctorAccount = doctorAccount
        self.appointment = appointment
        self.readers = readers
    }

    static let shape = EventShape(
        about: .id("report_id", \.report), .id("patient_id", \.patient),
        .laterID("patient_account_id", \.patientAccount), .id("by_account_id", \.uploadedBy),
        .laterID("doctor_account_id", \.doctorAccount), .laterID("appointment_id", \.appointment),
        .laterIDs("reader_account_ids", atMost: limit, \.readers),
        sample: ReportFact(
            report: .sample(15), patient: .sample(3), patientAccount: .sample(1), uploadedBy: .sample(8),
            doctorAccount: .sample(8), appointment: .sample(9), readers: [.sample(8)]),
        make: ReportFact.init)
}
