package import API
import Kernel
import RegistryDomain
package import Web

/// Names and standing of people and places, for services that show them or decide by them.
package struct Directories: Sendable {
    let hospitals: HospitalStore
    let departments: DepartmentStore
    let doctors: HospitalDoctorStore
    let patients: PatientDirectory
    let registrations: RegistrationStore
    let registeredPatients: RegisteredPatientStore
    let records: PatientStore
    let providers: ProviderStore

    package func read(_ query: DirectoryQuery, _ call: Call) async throws -> Item<DirectoryView> {
        // All questions travel in one batch.
        async let foundHospitals = hospitals.find(all: query.hospitals)
        async let foundDepartments = departments.find(all: query.departments)
        async let foundDoctors = doctors.find(all: query.doctors)
        async let foundPatients = patients.find(query.patients, keptBy: query.hospitals, for: call.caller)
        async let foundProfessionals = professionals(query.professionals)
        return Item(
            DirectoryView(
                hospitals: try await foundHospitals.map { HospitalCard($0) },
                departments: try await foundDepartments.map {
                    DepartmentCard(
                        id: $0.id, hospital: $0.hospital, name: $0.name, isActive: $0.deletedAt == nil)
                },
                doctors: try await foundDoctors.map { DoctorCard($0) },
                patients: try await foundPatients.map { PatientCard($0) },
                professionals: try await foundProfessionals))
    }

    /// An account has one entry, as a hospital's doctor or as a provider.
    private func professionals(_ accounts: [ID<Account>]) async throws -> [ProfessionalCard] {
        async let foundDoctors = doctors.find(having: accounts)
        async let foundProviders = providers.find(having: accounts)
        let cards = try await foundDoctors.compactMap { entry in
            entry.post.map { ProfessionalCard(account: $0.account, displayName: entry.details.displayName) }
        }
        return try await cards
            + foundProviders.map { ProfessionalCard(account: $0.account, displayName: $0.details.displayName) }
    }

    /// Who has a phone: whoever registered with it, and the records of the caller's tenant that hold it. A record that
    /// another tenant keeps is nobody's here: else anybody could put one beside a patient's own.
    package func lookUp(_ input: PatientLookup, _ call: Call) async throws -> Item<PatientMatchesView> {
        async let registration = registeredPatients.registration(phone: input.phone)
        var kept: [PatientRecord] = []
        if let caller = call.caller { kept = try await records.found(phone: input.phone, for: caller) }
        let own = try await registration.map {
            PatientMatch(id: $0.patient, account: $0.account, keeper: $0.account, tenant: $0.account.ownTenant)
        }
        let others = kept.filter { $0.id != own?.id }.map {
            PatientMatch(id: $0.id, account: nil, keeper: $0.owner, tenant: $0.tenant)
        }
        return Item(PatientMatchesView((own.map { [$0] } ?? []) + others))
    }

    /// For records, which checks medicines by it.
    package func health(_ query: PatientHealthQuery, _ call: Call) async throws -> Item<PatientHealthView> {
        let found = try await patients.find(
            [query.patient], keptBy: query.hospital.map { [$0] } ?? [], for: call.caller)
        guard let details = found.first?.record.details else { throw Problem.notFound }
        var view = PatientHealthView()
        view.fullName = details.fullName
        view.dateOfBirth = details.dateOfBirth
        view.gender = details.gender
        view.allergies = details.allergies
        view.currentMedications = details.currentMedications
        view.medicalHistory = details.medicalHistory?.text
        return Item(view)
    }

    package func own(_: NoInput, _ call: Call) async throws -> Item<OwnDirectoryView> {
        let caller = try call.requireCaller()
        var view = OwnDirectoryView()
        var hospital: ID<Hospital>?
        switch caller.role {
        case .patient: view.patient = try await registrations.registrant(of: caller.account)?.retyped()
        case .hospital: hospital = caller.tenant.retyped()
        case .doctor:
            if let entry = try await doctors.find(of: caller.account) {
                view.doctor = entry.id
                view.department = entry.post?.department
                view.displayName = entry.details.displayName
                hospital = entry.post?.hospital
            } else if let entry = try await providers.find(of: caller.account) {
                view.provider = entry.id
                view.displayName = entry.details.displayName
            }
        case .admin, .staff: break
        }
        if let hospital, let entry = try await hospitals.find(hospital) {
            view.hospital = entry.id
            view.hospitalName = entry.details.name
            view.hospitalStatus = entry.verdict.status
        }
        return Item(view)
    }
}

extension HospitalCard {
    init(_ entry: HospitalEntry) {
        self.init(
            id: entry.id, name: entry.details.name, status: entry.verdict.status, isActive: entry.isActive,
            timezone: entry.details.timezone, prescribingPolicy: entry.details.prescribingPolicy,
            account: entry.account)
    }
}

extension DoctorCard {
    init(_ entry: DoctorEntry) {
        self.init(
            id: entry.id, hospital: entry.post?.hospital, department: entry.post?.department,
            account: entry.post?.account, displayName: entry.details.displayName, isActive: entry.isActive)
    }
}

extension PatientCard {
    init(_ found: PatientDirectory.Found) {
        let record = found.record
        self.init(
            id: record.id, account: found.account, keeper: record.owner, tenant: record.tenant,
            fullName: record.details.fullName)
    }
}
