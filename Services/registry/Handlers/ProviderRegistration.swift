package import API
import Chassis
import Events
import Kernel
import Observability
import Postgres
import RegistryDomain
package import Web

/// A provider registers: one registration across two services. Identity keeps an account that counts for nobody; the entry
/// is committed here, and its constraints alone decide who is first; then the account is confirmed. Whatever breaks off
/// before the commit leaves an account that identity forgets; after it, identity asks and confirms (docs/adr/0017).
package struct ProviderRegistration: Sendable {
    let store: ProviderStore
    let accounts: any AccountSource
    let database: Database
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock
    private let turnstile = Turnstile()

    init(
        store: ProviderStore, accounts: any AccountSource, database: Database, unit: UnitOfWork, ledger: Ledger,
        clock: any WallClock
    ) {
        (self.store, self.accounts, self.database) = (store, accounts, database)
        (self.unit, self.ledger, self.clock) = (unit, ledger, clock)
    }

    package func register(
        _ input: Attempt<RegisterProvider>, _ call: Call
    ) async throws -> Created<RegisteredProviderView> {
        let claims = RegisterProvider.claims(in: input.source)
        // Of many who register one email at once, one makes an account and the others find it taken.
        return try await turnstile.pass(Array((claims.email?.comparable ?? call.requestID).utf8)) {
            try await attempt(input, claims, call)
        }
    }

    private func attempt(
        _ input: Attempt<RegisterProvider>, _ claims: RegisterProvider.Claims, _ call: Call
    ) async throws -> Created<RegisteredProviderView> {
        let faults = try await input.faults.merged(with: taken(claims))
        guard let wanted = input.wanted, faults.isEmpty else { return try await refuse(.validation(faults), call) }
        do {
            return try await enter(wanted, call)
        } catch let problem as Problem where problem.code == .validationFailed {
            // Somebody was faster: all that they took is told, not only what was noticed first.
            return try await refuse(.validation(problem.errors.merged(with: try await taken(claims))), call)
        }
    }

    private func enter(_ wanted: RegisterProvider, _ call: Call) async throws -> Created<RegisteredProviderView> {
        let now = clock.now
        let id = ID<Provider>.make(at: now)
        let details = ProviderDetails(wanted)
        let account = try await accounts.open(
            PendingAccount(
                registrant: ID(high: id.high, low: id.low), role: .doctor, name: details.fullName,
                email: wanted.email, password: wanted.password), for: call)
        let entry = ProviderEntry(id: id, account: account, details: details, createdAt: now, updatedAt: now)
        let answer = try await unit.write(call) { tx in
            try await store.insert(entry, in: tx)
            try await ledger.record(.providerRegistered(entry.fact), on: call, in: tx)
            return Created(
                RegisteredProviderView(id: id, email: wanted.email.text, status: .pending),
                at: "/api/v1/provider/\(id)", version: entry.version)
        }
        do { try await accounts.confirm(account, for: call) } catch {
            log.warning("an account will be confirmed later", ["fault": String(describing: type(of: error))])
        }
        return answer
    }

    private func taken(_ claims: RegisterProvider.Claims) async throws -> [Problem.FieldFaults] {
        try await store.taken(email: claims.email, phone: claims.phone, license: claims.licenseNumber)
    }

    /// Refused as a write, so that a repeated request under its key still gets its first answer; and noted, as each
    /// attempt is.
    private func refuse(_ problem: Problem, _ call: Call) async throws -> Created<RegisteredProviderView> {
        do {
            return try await unit.write(call) { _ in throw problem }
        } catch let refused as Problem {
            try await database.transaction { tx in
                try await ledger.note("provider.registration_refused", on: call, in: tx)
            }
            throw refused
        }
    }
}

extension ProviderEntry {
    var fact: RegistryEvent.ProviderFact { RegistryEvent.ProviderFact(provider: id, account: account) }
}
