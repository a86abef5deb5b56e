package import Forms
package import JSON
package import Kernel

/// What registry tells: records and directory entries coming, changing and going.
package enum RegistryEvent: Event, Equatable {
    case patientCreated(PatientFact)
    case patientUpdated(PatientFact)
    case patientDeleted(PatientFact)
    case doctorCreated(DoctorFact)
    case doctorUpdated(DoctorFact)
    case doctorDeleted(DoctorFact)
    case mappingCreated(MappingFact)
    case mappingDeleted(MappingFact)
    case providerRegistered(ProviderFact)
    case providerVerified(ProviderFact)
    case providerRejected(ProviderFact)

    package struct PatientFact: Sendable, Equatable {
        package let patient: ID<Patient>
        /// The account that keeps the record.
        package let owner: ID<Account>
        package init(patient: ID<Patient>, owner: ID<Account>) { (self.patient, self.owner) = (patient, owner) }
    }
    package struct DoctorFact: Sendable, Equatable {
        package let doctor: ID<Doctor>
        package init(doctor: ID<Doctor>) { self.doctor = doctor }
    }
    package struct MappingFact: Sendable, Equatable {
        package let mapping: ID<Mapping>
        package let patient: ID<Patient>
        package let doctor: ID<Doctor>
        package init(mapping: ID<Mapping>, patient: ID<Patient>, doctor: ID<Doctor>) {
            (self.mapping, self.patient, self.doctor) = (mapping, patient, doctor)
        }
    }

    package struct ProviderFact: Sendable, Equatable {
        package let provider: ID<Provider>
        package let account: ID<Account>
        package init(provider: ID<Provider>, account: ID<Account>) {
            (self.provider, self.account) = (provider, account)
        }
    }

    package static let source = "registry"

    package var name: String {
        switch self {
        case .patientCreated: "registry.patient_created.v1"
        case .patientUpdated: "registry.patient_updated.v1"
        case .patientDeleted: "registry.patient_deleted.v1"
        case .doctorCreated: "registry.doctor_created.v1"
        case .doctorUpdated: "registry.doctor_updated.v1"
        case .doctorDeleted: "registry.doctor_deleted.v1"
        case .mappingCreated: "registry.mapping_created.v1"
        case .mappingDeleted: "registry.mapping_deleted.v1"
        case .providerRegistered: "registry.provider_registered.v1"
        case .providerVerified: "registry.provider_verified.v1"
        case .providerRejected: "registry.provider_rejected.v1"
        }
    }

    package var subject: String {
        switch self {
        case .patientCreated(let fact), .patientUpdated(let fact), .patientDeleted(let fact): fact.patient.description
        case .doctorCreated(let fact), .doctorUpdated(let fact), .doctorDeleted(let fact): fact.doctor.description
        case .mappingCreated(let fact), .mappingDeleted(let fact): fact.mapping.description
        case .providerRegistered(let fact), .providerVerified(let fact), .providerRejected(let fact):
            fact.provider.description
        }
    }

    package var data: JSONValue {
        switch self {
        case .patientCreated(let fact), .patientUpdated(let fact), .patientDeleted(let fact):
            [
                "patient_id": .string(fact.patient.description),
                "owner_id": .string(fact.owner.description),
            ]
        case .doctorCreated(let fact), .doctorUpdated(let fact), .doctorDeleted(let fact):
            ["doctor_id": .string(fact.doctor.description)]
        case .mappingCreated(let fact), .mappingDeleted(let fact):
            [
                "mapping_id": .string(fact.mapping.description),
                "patient_id": .string(fact.patient.description),
                "doctor_id": .string(fact.doctor.description),
            ]
        case .providerRegistered(let fact), .providerVerified(let fact), .providerRejected(let fact):
            [
                "provider_id": .string(fact.provider.description),
                "account_id": .string(fact.account.description),
            ]
        }
    }

    private static let patientForm = Form(.id("patient_id", of: Patient.self), .id("owner_id", of: Account.self))
    private static let doctorForm = Form(.id("doctor_id", of: Doctor.self))
    private static let mappingForm = Form(
        .id("mapping_id", of: Mapping.self), .id("patient_id", of: Patient.self), .id("doctor_id", of: Doctor.self))
    private static let providerForm = Form(.id("provider_id", of: Provider.self), .id("account_id", of: Account.self))

    package init?(name: String, data: Source) throws(Problem) {
        func patient() throws(Problem) -> PatientFact {
            let (patient, owner) = try Self.patientForm.read(data)
            return PatientFact(patient: patient, owner: owner)
        }
        func doctor() throws(Problem) -> DoctorFact { DoctorFact(doctor: try Self.doctorForm.read(data)) }
        func mapping() throws(Problem) -> MappingFact {
            let (mapping, patient, doctor) = try Self.mappingForm.read(data)
            return MappingFact(mapping: mapping, patient: patient, doctor: doctor)
        }
        func provider() throws(Problem) -> ProviderFact {
            let (provider, account) = try Self.providerForm.read(data)
            return ProviderFact(provider: provider, account: account)
        }
        switch name {
        case "registry.patient_created.v1": self = .patientCreated(try patient())
        case "registry.patient_updated.v1": self = .patientUpdated(try patient())
        case "registry.patient_deleted.v1": self = .patientDeleted(try patient())
        case "registry.doctor_created.v1": self = .doctorCreated(try doctor())
        case "registry.doctor_updated.v1": self = .doctorUpdated(try doctor())
        case "registry.doctor_deleted.v1": self = .doctorDeleted(try doctor())
        case "registry.mapping_created.v1": self = .mappingCreated(try mapping())
        case "registry.mapping_deleted.v1": self = .mappingDeleted(try mapping())
        case "registry.provider_registered.v1": self = .providerRegistered(try provider())
        case "registry.provider_verified.v1": self = .providerVerified(try provider())
        case "registry.provider_rejected.v1": self = .providerRejected(try provider())
        default: return nil
        }
    }
}
