import Forms
package import Kernel

extension RegistryAPI {
    package static let listAdminPatients = Endpoint(
        .get, "/api/admin/patients", "listAdminPatients", of: .registry, for: .roles([.admin]),
        takes: PatientsQuery.self, gives: Listing<AdminPatientView>.self, says: "Patients retrieved successfully.",
        summary: "Registered patients, newest first; each that is shown leaves a row of who saw it",
        tag: "Administration")

    package static let adminPatient = Endpoint(
        .get, "/api/admin/patients/{id}", "getAdminPatient", of: .registry, for: .roles([.admin]),
        takes: ByID<Patient>.self, gives: Item<AdminPatientView>.self, says: "Patient retrieved successfully.",
        summary: "A registered patient; the reading leaves a row", tag: "Administration", refuses: [.notFound],
        of: .registeredPatient)

    package static let changeAdminPatient = Endpoint(
        .patch, "/api/admin/patients/{id}", "changeAdminPatient", of: .registry, for: .roles([.admin]),
        takes: WithID<Patient, Patch<PatientBody>>.self, gives: Item<AdminPatientView>.self,
        says: "Patient updated successfully.",
        summary: "Changes the fields sent; email and phone stay the account's", tag: "Administration",
        refuses: [.notFound, .preconditionFailed], of: .registeredPatient)

    package static let deleteAdminPatient = Endpoint(
        .delete, "/api/admin/patients/{id}", "deleteAdminPatient", of: .registry, for: .roles([.admin]),
        takes: ByID<Patient>.self, gives: Done.self, says: "Patient deleted successfully.",
        summary: "Erases a registered patient's record for good, and ends the account's logins",
        tag: "Administration", refuses: [.notFound, .preconditionFailed], of: .registeredPatient)

    static let adminPatients: [Declaration] = [
        listAdminPatients.declaration, adminPatient.declaration, changeAdminPatient.declaration,
        deleteAdminPatient.declaration,
    ]
}

/// A registered patient as administrators see them.
package struct AdminPatientView: View {
    package let patient: PatientView
    package let account: ID<Account>
    package let isActive: Bool

    package init(patient: PatientView, account: ID<Account>, isActive: Bool) {
        self.patient = patient
        self.account = account
        self.isActive = isActive
    }

    package static let shape = Shape<AdminPatientView>(
        "AdminPatient", PatientView.shape.of { $0.patient }, .id("patient_id") { $0.patient.id },
        .id("account_id") { $0.account }, .boolean("is_active") { $0.isActive })
}
