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
