package import Kernel

extension RegistryAPI {
    package static let createPatient = Endpoint(
        .post, "/api/patients", "createPatient", of: .registry, for: .authenticated, takes: PatientBody.self,
        gives: Created<PatientView>.self, says: "Patient created successfully.",
        summary: "Adds a patient to the caller's own.", tag: "Patients", example: PatientBody.newExample)

    package static let listPatients = Endpoint(
        .get, "/api/patients", "listPatients", of: .registry, for: .authenticated, takes: PatientsQuery.self,
        gives: Listing<PatientView>.self, says: "Patients retrieved successfully.",
        summary: "The caller's own patients, newest first.", tag: "Patients")

    package static let patient = Endpoint(
        .get, "/api/patients/{id}", "getPatient", of: .registry, for: .authenticated, takes: ByID<Patient>.self,
        gives: Item<PatientView>.self, says: "Patient retrieved successfully.",
        summary: "One of the caller's patients; anybody else's does not exist.", tag: "Patients", refuses: [.notFound])

    package static let replacePatient = Endpoint(
        .put, "/api/patients/{id}", "replacePatient", of: .registry, for: .authenticated,
        takes: WithID<Patient, PatientBody>.self, gives: Item<PatientView>.self, says: "Patient updated successfully.",
        summary: "Replaces all fields; what is left out becomes empty.", tag: "Patients",
        refuses: [.notFound, .preconditionFailed])

    package static let changePatient = Endpoint(
        .patch, "/api/patients/{id}", "changePatient", of: .registry, for: .authenticated,
        takes: WithID<Patient, Patch<PatientBody>>.self, gives: Item<PatientView>.self,
        says: "Patient updated successfully.", summary: "Changes the fields sent; null empties one.", tag: "Patients",
        refuses: [.notFound, .preconditionFailed])

    package static let deletePatient = Endpoint(
        .delete, "/api/patients/{id}", "deletePatient", of: .registry, for: .authenticated, takes: ByID<Patient>.self,
        gives: Done.self, says: "Patient deleted successfully.",
        summary: "Deletes the patient for good, with all mappings.", tag: "Patients",
        refuses: [.notFound, .conflict, .preconditionFailed])

    static let patients: [Declaration] = [
        createPatient.declaration, listPatients.declaration, patient.declaration, replacePatient.declaration,
        changePatient.declaration, deletePatient.declaration,
    ]
}
