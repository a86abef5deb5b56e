package import Kernel

extension RegistryAPI {
    package static let createDoctor = Endpoint(
        .post, "/api/doctors", "createDoctor", of: .registry, for: .authenticated, takes: DoctorBody.self,
        gives: Created<DoctorView>.self, says: "Doctor created successfully.",
        summary: "Adds a doctor to the directory; only its creator and admins may change it later.", tag: "Doctors",
        refuses: [.duplicate], example: DoctorBody.newExample)

    package static let listDoctors = Endpoint(
        .get, "/api/doctors", "listDoctors", of: .registry, for: .authenticated, takes: DoctorsQuery.self,
        gives: WrittenListing<DoctorView>.self, says: "Doctors retrieved successfully.",
        summary: "The directory of doctors, whoever added them.", tag: "Doctors")

    package static let doctor = Endpoint(
        .get, "/api/doctors/{id}", "getDoctor", of: .registry, for: .authenticated, takes: ByID<Doctor>.self,
        gives: Item<DoctorView>.self, says: "Doctor retrieved successfully.", summary: "One doctor of the directory.",
        tag: "Doctors", refuses: [.notFound])

    package static let replaceDoctor = Endpoint(
        .put, "/api/doctors/{id}", "replaceDoctor", of: .registry, for: .authenticated,
        takes: WithID<Doctor, DoctorBody>.self, gives: Item<DoctorView>.self, says: "Doctor updated successfully.",
        summary: "Replaces all fields; what is left out becomes empty.", tag: "Doctors",
        refuses: [.notFound, .forbidden, .duplicate, .preconditionFailed])

    package static let changeDoctor = Endpoint(
        .patch, "/api/doctors/{id}", "changeDoctor", of: .registry, for: .authenticated,
        takes: WithID<Doctor, Patch<DoctorBody>>.self, gives: Item<DoctorView>.self,
        says: "Doctor updated successfully.", summary: "Changes the fields sent; null empties one.", tag: "Doctors",
        refuses: [.notFound, .forbidden, .duplicate, .preconditionFailed])

    package static let deleteDoctor = Endpoint(
        .delete, "/api/doctors/{id}", "deleteDoctor", of: .registry, for: .authenticated, takes: ByID<Doctor>.self,
        gives: Done.self, says: "Doctor deleted successfully.",
        summary: "Deletes the directory entry for good, with all mappings to it.", tag: "Doctors",
        refuses: [.notFound, .forbidden, .preconditionFailed])

    static let doctors: [Declaration] = [
        createDoctor.declaration, listDoctors.declaration, doctor.declaration, replaceDoctor.declaration,
        changeDoctor.declaration, deleteDoctor.declaration,
    ]
}
