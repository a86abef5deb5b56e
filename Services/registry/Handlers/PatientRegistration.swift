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
        let applicant = applicant(RegisterPatient.claims(in: input.source), username: nil)
        return try await registrar.register(input, applicant, on: call) { wanted in
            let entrant = Entrant(
                details: PatientDetails(wanted), email: wanted.email, phone: wanted.phone, password: wanted.password)
            return try await enter(entrant, call) { _, id in
                Created(
                    NewPatientView(id: id, email: wanted.email.text, phone: wanted.phone.text),
                    at: "/api/v1/patient/profile/\(id)")
            }
        }
    }

    /// The same with a username of the patient's choice, and their consent (seed 004).
    package func registerAccount(
        _ input: Attempt<RegisterPatientAccount>, _ call: Call
    ) async throws -> Created<RegisteredPatientAccountView> {
        let (username, claims) = RegisterPatientAccount.claims(in: input.source)
        let applicant = applicant(claims, username: username)
        return try await registrar.register(input, applicant, on: call) { wanted in
            var entrant = Entrant(
                details: PatientDetails(wanted), email: wanted.email, phone: wanted.phone, password: wanted.password)
            entrant.username = wanted.username
            entrant.hasConsented = true
            return try await enter(entrant, call) { opened, id in
                let user = AccountBriefView(
                    id: opened.account, username: opened.username, email: wanted.email.text, role: .patient)
                return Created(
                    RegisteredPatientAccountView(patient: id, user: user), at: "/api/v1/patient/profile/\(id)")
            }
        }
    }

    private func applicant(_ claims: RegisterPatient.Claims, username: String?) -> Registrar.Applicant {
        Registrar.Applicant(
            email: claims.email, username: username, password: claims.password.map { Registrar.Chosen($0) },
            refusal: "patient.registration_refused"
        ) { [store] in
            try await store.taken(email: claims.email, phone: claims.phone)
        }
    }

    /// Who registers, in whichever words.
    private struct Entrant {
        let details: PatientDetails
        let email: Email
        let phone: PhoneNumber
        let password: Secret
        var username: String?
        var hasConsented = false
    }

    private func enter<Gives: Answer>(
        _ entrant: Entrant, _ call: Call, _ answer: (PendingAccountView, ID<Patient>) -> Gives
    ) async throws -> Gives {
        let now = clock.now
        let id = ID<Patient>.make(at: now)
        let pending = PendingAccount(
            registrant: id.retyped(), role: .patient, name: entrant.details.fullName, email: entrant.email,
            password: entrant.password, phone: entrant.phone, username: entrant.username.map { .chosen($0) })
        return try await registrar.enter(pending, on: call) { opened, tx in
            let record = PatientRecord.made(
                entrant.details, by: opened.account, of: opened.account.ownTenant, as: id, at: now)
            try await store.insert(
                record, email: entrant.email, phone: entrant.phone, consentedAt: entrant.hasConsented ? now : nil,
                in: tx)
            try await ledger.record(.patientCreated(record.fact), as: "patient.registered", from: call.origin, in: tx)
            return answer(opened, id)
        }
    }
}
