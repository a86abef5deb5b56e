import Forms
package import JSON
package import Kernel

extension RegistryAPI {
    package static let directory = Endpoint(
        .post, "/internal/directory", "directory", of: .registry,
        for: .services([.identity, .scheduling, .records, .notifier]), takes: DirectoryQuery.self,
        gives: Item<DirectoryView>.self, says: "Directory read.",
        summary: "Names and standing of hospitals, departments, doctors and patients, up to 200 of each",
        tag: "Internal", rate: .unlimited)

    package static let directoryMe = Endpoint(
        .get, "/internal/directory/me", "directoryMe", of: .registry,
        for: .services([.identity, .scheduling, .records, .notifier]), gives: Item<OwnDirectoryView>.self,
        says: "Directory read.", summary: "Which record, entry or hospital is the caller's", tag: "Internal",
        rate: .unlimited)

    package static let lookUpPatients = Endpoint(
        .post, "/internal/patients/lookup", "lookUpPatients", of: .registry, for: .services([.records]),
        takes: PatientLookup.self, gives: Item<PatientMatchesView>.self, says: "Patients looked up.",
        summary: "Whose phone it is: who registered with it, and whom the caller's tenant keeps under it",
        tag: "Internal", rate: .unlimited)

    static let directories: [Declaration] = [
        directory.declaration, directoryMe.declaration, lookUpPatients.declaration,
        patientHealth.declaration,
    ]
}

/// What in registry belongs to the caller's account.
package struct OwnDirectoryView: View, Equatable {
    /// The record a registered patient keeps of themselves.
    package var patient: ID<Patient>?
    /// The entry of a hospital's doctor.
    package var doctor: ID<Doctor>?
    package var department: ID<Department>?
    /// Of a self-registered provider.
    package var provider: ID<Provider>?
    /// "Dr. …" of a hospital's doctor or a provider; nil of anybody else.
    package var displayName: String?
    /// The caller's own, or the one that made the doctor.
    package var hospital: ID<Hospital>?
    package var hospitalName: String?
    package var hospitalStatus: HospitalStatus?

    package init() {}

    package static let shape = Shape<OwnDirectoryView>(
        "OwnDirectory", .maybeID("patient_id") { $0.patient }, .maybeID("doctor_id") { $0.doctor },
        .maybeID("department_id") { $0.department }, .maybeID("provider_id") { $0.provider },
        .maybe("display_name") { $0.displayName },
        .maybeID("hospital_id") { $0.hospital }, .maybe("hospital_name") { $0.hospitalName },
        .maybe("hospital_status", .string(oneOf: HospitalStatus.allCases.map(\.rawValue))) {
            $0.hospitalStatus?.rawValue
        })

    /// As registry wrote it.
    package init(_ json: JSONValue) {
        patient = json["patient_id"]?.string.flatMap { ID($0) }
        doctor = json["doctor_id"]?.string.flatMap { ID($0) }
        department = json["department_id"]?.string.flatMap { ID($0) }
        provider = json["provider_id"]?.string.flatMap { ID($0) }
        displayName = json["display_name"]?.string
        hospital = json["hospital_id"]?.string.flatMap { ID($0) }
        hospitalName = json["hospital_name"]?.string
        hospitalStatus = json["hospital_status"]?.string.flatMap { HospitalStatus(rawValue: $0) }
    }
}
