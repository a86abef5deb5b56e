package import API
import Chassis
package import Kernel
import Postgres
import RegistryDomain
package import Web

/// Registered patients in the words of seed 003: for themselves, and for those whose reading leaves a trace.
package struct PatientProfiles: Sendable {
    let store: RegisteredPatientStore
    let database: Database
    let ledger: Ledger

    package func show(_ input: ByID<Patient>, _ call: Call) async throws -> Item<PatientProfileView> {
        let caller = try call.requireCaller()
        if let own = try await store.find(input.id, for: caller) { return answer(own) }
        guard RegisteredPatient.isOpen(to: caller), let account = try await store.account(of: input.id) else {
            throw Problem.notFound
        }
        // One transaction: what cannot be noted is not read, and the answer leaves after the commit.
        return try await database.transaction(as: call.origin.scope, until: call.deadline) { tx in
            try await ledger.note("patient.profile_read", about: "patient/\(input.id)", from: call.origin, in: tx)
            guard let patient = try await store.find(input.id, keptBy: account, in: tx) else { throw Problem.notFound }
            return answer(patient)
        }
    }

    private func answer(_ patient: RegisteredPatient) -> Item<PatientProfileView> {
        Item(PatientProfileView(patient), version: patient.version)
    }
}
