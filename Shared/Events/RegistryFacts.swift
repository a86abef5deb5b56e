package import Kernel

/// A patient record, and the account that keeps it.
package struct PatientFact: Sendable, Equatable {
    package let patient: ID<Patient>
    package let owner: ID<Account>
    /// Whose data the record is.
    package let tenant: ID<Tenant>

    package init(patient: ID<Patient>, owner: ID<Account>, tenant: ID<Tenant>) {
        self.patient = patient
        self.owner = owner
        self.tenant = tenant
    }

    static let shape = EventShape(
        about: .id("patient_id", \.patient), .id("owner_id", \.owner),
        .laterID("tenant_id") { @Sendable fact in fact.tenant },
        sample: PatientFact(patient: .sample(3), owner: .sample(1), tenant: .sample(7))
    ) { patient, owner, tenant in
        PatientFact(patient: patient, owner: owner, tenant: tenant ?? owner.ownTenant)
    }
}

/// A registered patient's record, and the account that kept it of itself.
package struct RegisteredPatientFact: Sendable, Equatable {
    package let patient: ID<Patient>
    package let account: ID<Account>

    package init(patient: ID<Patient>, account: ID<Account>) {
        self.patient = patient
        self.account = account
    }

    static let shape = EventShape(
        about: .id("patient_id", \.patient), .id("account_id", \.account),
        sample: RegisteredPatientFact(patient: .sample(3), account: .sample(1)), make: RegisteredPatientFact.init)
}

/// A doctor's entry in the directory.
package struct DoctorFact: Sendable, Equatable {
    package let doctor: ID<Doctor>

    package init(doctor: ID<Doctor>) { self.doctor = doctor }

    static let shape = EventShape(
        about: .id("doctor_id", \.doctor), sample: DoctorFact(doctor: .sample(4)), make: DoctorFact.init)
}

/// A doctor's care for a patient.
package struct MappingFact: Sendable, Equatable {
    package let mapping: ID<Mapping>
    package let patient: ID<Patient>
    package let doctor: ID<Doctor>
    /// The patient's; nil in an event recorded before tenants existed.
    package let tenant: ID<Tenant>?

    package init(mapping: ID<Mapping>, patient: ID<Patient>, doctor: ID<Doctor>, tenant: ID<Tenant>?) {
        self.mapping = mapping
        self.patient = patient
        self.doctor = doctor
        self.tenant = tenant
    }

    static let shape = EventShape(
        about: .id("mapping_id", \.mapping), .id("patient_id", \.patient), .id("doctor_id", \.doctor),
        .laterID("tenant_id", \.tenant),
        sample: MappingFact(mapping: .sample(5), patient: .sample(3), doctor: .sample(4), tenant: .sample(7)),
        make: MappingFact.init)
}

/// A provider's entry, and the provider's account.
package struct ProviderFact: Sendable, Equatable {
    package let provider: ID<Provider>
    package let account: ID<Account>

    package init(provider: ID<Provider>, account: ID<Account>) {
        self.provider = provider
        self.account = account
    }

    static let shape = EventShape(
        about: .id("provider_id", \.provider), .id("account_id", \.account),
        sample: ProviderFact(provider: .sample(6), account: .sample(1)), make: ProviderFact.init)
}

/// A hospital, and the hospital's account.
package struct HospitalFact: Sendable, Equatable {
    package let hospital: ID<Hospital>
    package let account: ID<Account>
    /// The hospital's version with this change: of two such facts the one with the greater number is the later, in
    /// whatever order they arrive.
    package let version: Int64

    package init(hospital: ID<Hospital>, account: ID<Account>, version: Int64) {
        self.hospital = hospital
        self.account = account
        self.version = version
    }

    static let shape = EventShape(
        about: .id("hospital_id", \.hospital), .id("account_id", \.account),
        .number("hospital_version") { @Sendable fact in fact.version },
        sample: HospitalFact(hospital: .sample(7), account: .sample(1), version: 2)
    ) { hospital, account, version in
        HospitalFact(hospital: hospital, account: account, version: Int64(version))
    }
}

/// A doctor made by a hospital: entry, hospital and account.
package struct HospitalDoctorFact: Sendable, Equatable {
    package let doctor: ID<Doctor>
    package let hospital: ID<Hospital>
    package let account: ID<Account>
    /// The entry's version with this change, as a hospital's.
    package let version: Int64

    package init(doctor: ID<Doctor>, hospital: ID<Hospital>, account: ID<Account>, version: Int64) {
        self.doctor = doctor
        self.hospital = hospital
        self.account = account
        self.version = version
    }

    static let shape = EventShape(
        about: .id("doctor_id", \.doctor), .id("hospital_id", \.hospital), .id("account_id", \.account),
        .number("doctor_version") { @Sendable fact in fact.version },
        sample: HospitalDoctorFact(doctor: .sample(4), hospital: .sample(7), account: .sample(1), version: 2)
    ) { doctor, hospital, account, version in
        HospitalDoctorFact(doctor: doctor, hospital: hospital, account: account, version: Int64(version))
    }
}
