package import Kernel

extension RegistryAPI {
    package static let registerPatient = Endpoint(
        .post, "/api/v1/patient/register", "registerPatient", of: .registry, for: .anyone,
        takes: Attempt<RegisterPatient>.self, gives: Created<NewPatientView>.self,
        says: "Patient registered successfully. Verification email sent.",
        summary: "A patient makes an account and the record that belongs to it", tag: "Patients",
        refuses: [.validationFailed, .serviceUnavailable], rate: .registration, validation: .unprocessable)

    package static let patientProfile = Endpoint(
        .get, "/api/v1/patient/profile/{id}", "getPatientProfile", of: .registry, for: .authenticated,
        takes: ByID<Patient>.self, gives: Item<PatientProfileView>.self,
        says: "Patient profile retrieved successfully.",
        summary: "A registered patient, for themselves and administrators; whoever else reads it leaves a trace",
        tag: "Patients", refuses: [.notFound], validation: .unprocessable, of: .registeredPatient)

    package static let registerPatientAccount = Endpoint(
        .post, "/api/accounts/patients/register", "registerPatientAccount", of: .registry, for: .anyone,
        takes: Attempt<RegisterPatientAccount>.self, gives: Created<RegisteredPatientAccountView>.self,
        says: "Patient registered successfully. Verification email sent.",
        summary: "A patient makes an account with a username, and the record that belongs to it, with their consent",
        tag: "Patients", refuses: [.validationFailed, .serviceUnavailable], rate: .registration)

    static let registeredPatients: [Declaration] = [
        registerPatient.declaration, registerPatientAccount.declaration, patientProfile.declaration,
    ]
}
