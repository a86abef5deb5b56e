package import Kernel

/// A code that a doctor asks a patient for.
package struct AccessCodeFact: Sendable, Equatable {
    package let patient: ID<Patient>
    /// Names the asking: the code is made by it when the text message is written.
    package let code: ID<AccessCode>
    package let patientAccount: ID<Account>
    package let doctorAccount: ID<Account>

    package init(
        patient: ID<Patient>, code: ID<AccessCode>, patientAccount: ID<Account>, doctorAccount: ID<Account>
    ) {
        self.patient = patient
        self.code = code
        self.patientAccount = patientAccount
        self.doctorAccount = doctorAccount
    }

    static let shape = EventShape(
        about: .id("patient_id", \.patient), .id("access_code_id", \.code), .id("patient_account_id", \.patientAccount),
        .id("doctor_account_id", \.doctorAccount),
        sample: AccessCodeFact(
            patient: .sample(3), code: .sample(13), patientAccount: .sample(1), doctorAccount: .sample(8)),
        make: AccessCodeFact.init)
}

/// A doctor's access to a patient's records, given, ended or taken.
package struct AccessGrantFact: Sendable, Equatable {
    package let patient: ID<Patient>
    package let grant: ID<AccessGrant>
    /// Nil of a record without an account.
    package let patientAccount: ID<Account>?
    package let doctor: ID<Doctor>?
    package let doctorAccount: ID<Account>
    package let hospital: ID<Hospital>?
    package let hospitalAccount: ID<Account>?
    package let expiresAt: Instant

    package init(
        patient: ID<Patient>, grant: ID<AccessGrant>, patientAccount: ID<Account>?, doctor: ID<Doctor>?,
        doctorAccount: ID<Account>, hospital: ID<Hospital>?, hospitalAccount: ID<Account>?, expiresAt: Instant
    ) {
        self.patient = patient
        self.grant = grant
        self.patientAccount = patientAccount
        self.doctor = doctor
        self.doctorAccount = doctorAccount
        self.hospital = hospital
        self.hospitalAccount = hospitalAccount
        self.expiresAt = expiresAt
    }

    static let shape = EventShape(
        about: .id("patient_id", \.patient), .id("access_grant_id", \.grant),
        .laterID("patient_account_id", \.patientAccount), .laterID("doctor_id", \.doctor),
        .id("doctor_account_id", \.doctorAccount), .laterID("hospital_id", \.hospital),
        .laterID("hospital_account_id", \.hospitalAccount), .instant("access_expires_at", \.expiresAt),
        sample: AccessGrantFact(
            patient: .sample(3), grant: .sample(14), patientAccount: .sample(1), doctor: .sample(4),
            doctorAccount: .sample(8), hospital: .sample(7), hospitalAccount: .sample(10),
            expiresAt: Instant(seconds: 1_800_000_000)),
        make: AccessGrantFact.init)
}
