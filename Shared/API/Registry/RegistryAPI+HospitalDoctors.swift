import JSON
package import Kernel

extension RegistryAPI {
    package static let createHospitalDoctor = Endpoint(
        .post, "/api/hospitals/doctors/create", "createHospitalDoctor", of: .registry, for: .roles([.hospital]),
        takes: HospitalDoctorBody.self, gives: Created<NewHospitalDoctorView>.self,
        says: "Doctor created successfully.",
        summary: "Makes a doctor with an account; its password is shown in this answer alone", tag: "Hospitals",
        refuses: [.duplicate, .accountInactive, .serviceUnavailable])

    package static let listHospitalDoctors = Endpoint(
        .get, "/api/hospitals/doctors", "listHospitalDoctors", of: .registry, for: .roles([.hospital]),
        takes: HospitalDoctorsQuery.self, gives: Listing<HospitalDoctorView>.self,
        says: "Doctors retrieved successfully.", summary: "The doctors of one's own hospital, by name",
        tag: "Hospitals")

    package static let changeHospitalDoctor = Endpoint(
        .patch, "/api/hospitals/doctors/{id}", "changeHospitalDoctor", of: .registry, for: .roles([.hospital]),
        takes: WithID<Doctor, Patch<HospitalDoctorPatch>>.self, gives: Item<ChangedHospitalDoctorView>.self,
        says: "Doctor updated successfully.",
        summary:
            "Changes the fields sent; with is_active false the doctor cannot log in and is not assigned any more; "
            + "affected are the visits ahead of one who was shut out or moved, null where they cannot be asked for",
        tag: "Hospitals", refuses: [.notFound, .duplicate, .accountInactive, .preconditionFailed],
        of: .hospitalDoctor)

    package static let createDepartment = Endpoint(
        .post, "/api/hospitals/departments", "createDepartment", of: .registry, for: .roles([.hospital]),
        takes: DepartmentBody.self, gives: Created<DepartmentView>.self, says: "Department created successfully.",
        summary: "Adds a department to one's own hospital", tag: "Hospitals", refuses: [.duplicate, .accountInactive])

    package static let listDepartments = Endpoint(
        .get, "/api/hospitals/departments", "listDepartments", of: .registry, for: .authenticated,
        takes: DepartmentsQuery.self, gives: Listing<DepartmentView>.self,
        says: "Departments retrieved successfully.",
        summary: "The departments of a hospital by name; a hospital need not name itself", tag: "Hospitals",
        refuses: [.notFound])

    package static let changeDepartment = Endpoint(
        .patch, "/api/hospitals/departments/{id}", "changeDepartment", of: .registry, for: .roles([.hospital]),
        takes: WithID<Department, Patch<DepartmentBody>>.self, gives: Item<DepartmentView>.self,
        says: "Department updated successfully.", summary: "Changes the fields sent; null empties one",
        tag: "Hospitals", refuses: [.notFound, .duplicate, .accountInactive, .preconditionFailed],
        example: ["description": "Heart and vessels, day and night"])

    package static let deleteDepartment = Endpoint(
        .delete, "/api/hospitals/departments/{id}", "deleteDepartment", of: .registry, for: .roles([.hospital]),
        takes: ByID<Department>.self, gives: Done.self, says: "Department deleted successfully.",
        summary: "Takes away a department that has no doctors and no open appointments", tag: "Hospitals",
        refuses: [.notFound, .conflict, .accountInactive, .preconditionFailed, .serviceUnavailable],
        of: .departmentWithoutDoctors)

    package static let hospitalPatients = Endpoint(
        .get, "/api/hospitals/patients", "listHospitalPatients", of: .registry, for: .roles([.hospital]),
        takes: HospitalPatientsQuery.self, gives: Listing<HospitalPatientView>.self,
        says: "Patients retrieved successfully.",
        summary: "Who has or had an appointment at one's own hospital; each that is shown leaves a row of who saw it",
        tag: "Hospitals", refuses: [.serviceUnavailable])

    static let hospitalDoctors: [Declaration] = [
        createHospitalDoctor.declaration, listHospitalDoctors.declaration, changeHospitalDoctor.declaration,
        createDepartment.declaration, listDepartments.declaration, changeDepartment.declaration,
        deleteDepartment.declaration, hospitalPatients.declaration,
    ]
}
