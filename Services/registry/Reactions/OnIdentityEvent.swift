package import Events
package import Kernel
package import Postgres
import RegistryDomain

/// Applies identity's events about an account to the entry or record that belongs to it.
package struct OnIdentityEvent: Sendable {
    let providers: ProviderStore
    let patients: RegisteredPatientStore
    let hospitals: HospitalStore
    let hospitalDoctors: HospitalDoctorStore
    let clock: any WallClock

    package init(
        providers: ProviderStore, patients: RegisteredPatientStore, hospitals: HospitalStore,
        hospitalDoctors: HospitalDoctorStore, clock: any WallClock
    ) {
        self.providers = providers
        self.patients = patients
        self.hospitals = hospitals
        self.hospitalDoctors = hospitalDoctors
        self.clock = clock
    }

    /// The events whose news is kept here, by name; no other is heard.
    package static let copied = [
        Event.emailVerified.name, Event.phoneVerified.name, Event.accountActivated.name, Event.accountDeactivated.name,
    ]

    package func react(_ envelope: EventEnvelope, in tx: Transaction) async throws {
        if let fact = try envelope.fact(of: Event.emailVerified) {
            try await note(.emailVerified, of: fact.account, fact.role, in: tx)
        }
        if let fact = try envelope.fact(of: Event.phoneVerified) {
            try await note(.phoneVerified, of: fact.account, fact.role, in: tx)
        }
        for (event, isActive) in [(Event.accountActivated, true), (Event.accountDeactivated, false)] {
            guard let fact = try envelope.fact(of: event) else { continue }
            let news = AccountNews.standing(isActive: isActive, version: fact.version)
            try await note(news, of: fact.account, fact.role, in: tx)
        }
    }

    private func note(
        _ news: AccountNews, of account: ID<Account>, _ role: Role, in tx: Transaction
    ) async throws {
        switch role {
        case .doctor:
            try await providers.note(news, of: account, at: clock.now, in: tx)
            if case .standing(let isActive, let version) = news {
                try await hospitalDoctors.note(isActive: isActive, version: version, of: account, in: tx)
            }
        case .patient: try await patients.note(news, of: account, at: clock.now, in: tx)
        case .hospital:
            guard case .standing(let isActive, let version) = news else { return }
            try await hospitals.note(isActive: isActive, version: version, of: account, at: clock.now, in: tx)
        case .admin, .staff: break
        }
    }
}
