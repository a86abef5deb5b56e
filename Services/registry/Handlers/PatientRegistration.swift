package import API
import Chassis
import Events
import Kernel
import Postgres
import RegistryDomain
package import Web

/// A patient registers: an account, and the record that the account keeps of itself.
package struct PatientRegistration: Sendable {
    let registrar: Registrar
    let store: RegisteredPatientStore
    let ledger: Ledger
    let clock: any WallClock

    package func register(_ input: Attempt<RegisterPatient>, _ call: Call) async throws -> Created<NewPatientView> {
        let claims = RegisterPatient.claims(in: input.source)
        let applicant = Registrar.Applicant(
            email: claims.email, password: claims.password, refusal: "patient.registration_refused"
        ) { [store] in
            try await store.taken(email: claims.email, phone: claims.phone)
        }
        return try await registrar.register(input, applicant, on: call) { wanted in try await enter(wanted, call) }
    }

    private func enter(_ wanted: RegisterPatient, _ call: Call) async throws -> Created<NewPatientView> {
        let now = clock.now
        let id = ID<Patient>.make(at: now)
        let details = PatientDetails(wanted)
        let pending = PendingAccount(
            registrant: ID(high: id.high, low: id.low), role: .patient, name: details.fullName, email: wanted.email,
            password: wanted.password, phone: wanted.phone)
        return try await registrar.enter(pending, on: call) { account, tx in
            let record = PatientRecord.made(details, by: account, of: account.ownTenant, as: id, at: now)
            try await store.insert(record, email: wanted.email, phone: wanted.phone, in: tx)
            try await ledger.record(.patientCreated(record.fact), as: "patient.registered", from: call.origin, in: tx)
            return Created(
                NewPatientView(id: id, email: wanted.email.text, phone: wanted.phone.text),
                at: "/api/v1/patient/profile/\(id)")
        }
    }
}
