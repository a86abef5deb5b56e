package import Kernel

/// A patient record, and the account that keeps it.
package struct PatientFact: Sendable, Equatable {
    package let patient: ID<Patient>
    package let owner: ID<Account>

    package init(patient: ID<Patient>, owner: ID<Account>) {
        self.patient = patient
        self.owner = owner
    }

    static let shape = EventShape(
        about: .id("patient_id", \.patient), .id("owner_id", \.owner),
        sample: PatientFact(patient: .sample(3), owner: .sample(1)), make: PatientFact.init)
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

    package init(mapping: ID<Mapping>, patient: ID<Patient>, doctor: ID<Doctor>) {
        self.mapping = mapping
        self.patient = patient
        self.doctor = doctor
    }

    static let shape = EventShape(
        about: .id("mapping_id", \.mapping), .id("patient_id", \.patient), .id("doctor_id", \.doctor),
        sample: MappingFact(mapping: .sample(5), patient: .sample(3), doctor: .sample(4)), make: MappingFact.init)
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
