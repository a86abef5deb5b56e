package import Kernel

/// A number in a doctor's queue that was given or came to another status.
package struct QueueFact: Sendable, Equatable {
    package let token: ID<QueueToken>
    package let doctor: ID<Doctor>
    package let hospital: ID<Hospital>
    package let doctorAccount: ID<Account>?
    /// Nil of a walk-in without an account.
    package let patientAccount: ID<Account>?
    package let number: Int
    package let status: QueueStatus

    package init(
        token: ID<QueueToken>, doctor: ID<Doctor>, hospital: ID<Hospital>, doctorAccount: ID<Account>?,
        patientAccount: ID<Account>?, number: Int, status: QueueStatus
    ) {
        self.token = token
        self.doctor = doctor
        self.hospital = hospital
        self.doctorAccount = doctorAccount
        self.patientAccount = patientAccount
        self.number = number
        self.status = status
    }

    static let shape = EventShape(
        about: .id("token_id", \.token), .id("doctor_id", \.doctor), .id("hospital_id", \.hospital),
        .laterID("doctor_account_id", \.doctorAccount), .laterID("patient_account_id", \.patientAccount),
        .laterNumber("number") { @Sendable fact in Int64(fact.number) }, .choice("status", \.status),
        sample: QueueFact(
            token: .sample(10), doctor: .sample(4), hospital: .sample(7), doctorAccount: .sample(8),
            patientAccount: .sample(1), number: 12, status: .called)
    ) { token, doctor, hospital, doctorAccount, patientAccount, number, status in
        QueueFact(
            token: token, doctor: doctor, hospital: hospital, doctorAccount: doctorAccount,
            patientAccount: patientAccount, number: number ?? 0, status: status)
    }
}
