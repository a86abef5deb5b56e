package import Kernel

extension RegistryAPI {
    package static let createMapping = Endpoint(
        .post, "/api/mappings", "createMapping", of: .registry, for: .authenticated, takes: MappingBody.self,
        gives: Created<MappingView>.self, says: "Doctor assigned to patient successfully.",
        summary: "Assigns a doctor to one of the caller's patients; a patient has at most one primary doctor.",
        tag: "Mappings", refuses: [.notFound, .duplicate, .conflict])

    package static let listMappings = Endpoint(
        .get, "/api/mappings", "listMappings", of: .registry, for: .authenticated, takes: MappingsQuery.self,
        gives: Listing<MappingView>.self, says: "Mappings retrieved successfully.",
        summary: "The mappings of the caller's patients, newest first.", tag: "Mappings")

    /// The same path as `deleteMapping`: here the id is a patient's (seeds 001 and 002 both say so).
    package static let patientDoctors = Endpoint(
        .get, "/api/mappings/{id}", "getPatientDoctors", of: .registry, for: .authenticated, takes: ByID<Patient>.self,
        gives: Members<PatientDoctors>.self, says: "Doctors of the patient retrieved successfully.",
        summary: "All doctors of one patient: `id` is the patient's id.", tag: "Mappings", refuses: [.notFound])

    package static let deleteMapping = Endpoint(
        .delete, "/api/mappings/{id}", "deleteMapping", of: .registry, for: .authenticated, takes: ByID<Mapping>.self,
        gives: Done.self, says: "Mapping removed successfully.", summary: "Ends one mapping: `id` is the mapping's id.",
        tag: "Mappings", refuses: [.notFound])

    package static let deleteMappingDetail = Endpoint(
        .delete, "/api/mappings/detail/{id}", "deleteMappingDetail", of: .registry, for: .authenticated,
        takes: ByID<Mapping>.self, gives: Done.self, says: "Mapping removed successfully.",
        summary: "The same, on the path of seed 002.", tag: "Mappings", refuses: [.notFound], of: .secondMapping)

    static let mappings: [Declaration] = [
        createMapping.declaration, listMappings.declaration, patientDoctors.declaration, deleteMapping.declaration,
        deleteMappingDetail.declaration,
    ]
}
