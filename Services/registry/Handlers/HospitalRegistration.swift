package import API
import Chassis
import Events
import Kernel
import Postgres
import RegistryDomain
package import Web

/// A hospital registers: an account, and an entry that waits for an administrator's approval.
package struct HospitalRegistration: Sendable {
    let registrar: Registrar
    let store: HospitalStore
    let ledger: Ledger
    let clock: any WallClock

    package func register(_ input: Attempt<RegisterHospital>, _ call: Call) async throws -> Created<HospitalView> {
        let claims = RegisterHospital.claims(in: input.source)
        let applicant = Registrar.Applicant(
            email: claims.email, username: claims.username,
            password: claims.password.map { Registrar.Chosen(password: $0, words: claims.words) },
            refusal: "hospital.registration_refused"
        ) { [store] in
            try await store.taken(email: claims.email, license: claims.licenseNumber)
                .merged(with: store.faults(ofTimezone: claims.timezone))
        }
        return try await registrar.register(input, applicant, on: call) { wanted in try await enter(wanted, call) }
    }

    private func enter(_ wanted: RegisterHospital, _ call: Call) async throws -> Created<HospitalView> {
        let now = clock.now
        let id = ID<Hospital>.make(at: now)
        let pending = PendingAccount(
            registrant: id.retyped(), role: .hospital, name: wanted.name, email: wanted.email,
            password: wanted.password, username: .chosen(wanted.username), hospital: id)
        return try await registrar.enter(pending, on: call) { opened, tx in
            let entry = HospitalEntry(
                id: id, account: opened.account, licenseNumber: wanted.licenseNumber,
                details: HospitalDetails(wanted), createdAt: now, updatedAt: now)
            try await store.insert(entry, in: tx)
            try await ledger.record(.hospitalRegistered(entry.fact), from: call.origin, in: tx)
            return Created(HospitalView(entry, isOpen: true), at: "/api/hospitals/\(id)", version: entry.version)
        }
    }
}

extension HospitalStore {
    func faults(ofTimezone name: String?) async throws -> [Problem.FieldFaults] {
        guard let name, try await !knows(timezone: name) else { return [] }
        return Problem.field("timezone", Timezone.hint).errors
    }
}

extension HospitalEntry {
    var fact: HospitalFact { HospitalFact(hospital: id, account: account, version: version) }
}
