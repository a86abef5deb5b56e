package import API
import Chassis
import Events
import Kernel
import Postgres
import RegistryDomain
package import Web

/// A provider registers: an account and an entry in the directory.
package struct ProviderRegistration: Sendable {
    let registrar: Registrar
    let store: ProviderStore
    let ledger: Ledger
    let clock: any WallClock

    package func register(
        _ input: Attempt<RegisterProvider>, _ call: Call
    ) async throws -> Created<RegisteredProviderView> {
        let claims = RegisterProvider.claims(in: input.source)
        let applicant = Registrar.Applicant(
            email: claims.email, password: claims.password.map { Registrar.Chosen($0) },
            refusal: "provider.registration_refused"
        ) { [store] in
            try await store.taken(email: claims.email, phone: claims.phone, license: claims.licenseNumber)
        }
        return try await registrar.register(input, applicant, on: call) { wanted in try await enter(wanted, call) }
    }

    private func enter(_ wanted: RegisterProvider, _ call: Call) async throws -> Created<RegisteredProviderView> {
        let now = clock.now
        let id = ID<Provider>.make(at: now)
        let details = ProviderDetails(wanted)
        let pending = PendingAccount(
            registrant: ID(high: id.high, low: id.low), role: .doctor, name: details.fullName, email: wanted.email,
            password: wanted.password)
        return try await registrar.enter(pending, on: call) { opened, tx in
            let account = opened.account
            let entry = ProviderEntry(id: id, account: account, details: details, createdAt: now, updatedAt: now)
            try await store.insert(entry, in: tx)
            try await ledger.record(.providerRegistered(entry.fact), from: call.origin, in: tx)
            return Created(
                RegisteredProviderView(id: id, email: wanted.email.text, status: .pending),
                at: "/api/v1/provider/\(id)", version: entry.version)
        }
    }
}

extension ProviderEntry {
    var fact: ProviderFact { ProviderFact(provider: id, account: account) }
}
