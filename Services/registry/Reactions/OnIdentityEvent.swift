package import Events
package import Kernel
package import Postgres

/// Applies identity's events about an account to the entry or record that belongs to it.
package struct OnIdentityEvent: Sendable {
    let providers: ProviderStore
    let patients: RegisteredPatientStore
    let clock: any WallClock

    package init(providers: ProviderStore, patients: RegisteredPatientStore, clock: any WallClock) {
        self.providers = providers
        self.patients = patients
        self.clock = clock
    }

    package func react(_ envelope: EventEnvelope, in tx: Transaction) async throws {
        if let fact = try envelope.fact(of: Event.emailVerified) { try await note(fact, emailVerified: true, in: tx) }
        if let fact = try envelope.fact(of: Event.phoneVerified) { try await note(fact, phoneVerified: true, in: tx) }
        if let fact = try envelope.fact(of: Event.accountActivated) { try await note(fact, active: true, in: tx) }
        if let fact = try envelope.fact(of: Event.accountDeactivated) { try await note(fact, active: false, in: tx) }
    }

    private func note(
        _ fact: AccountFact, emailVerified: Bool? = nil, phoneVerified: Bool? = nil,
        active: Bool? = nil, in tx: Transaction
    ) async throws {
        let now = clock.now
        switch fact.role {
        case .doctor:
            try await providers.note(fact.account, emailVerified: emailVerified, active: active, at: now, in: tx)
        case .patient:
            try await patients.note(
                fact.account, emailVerified: emailVerified, phoneVerified: phoneVerified, active: active, at: now,
                in: tx)
        case .admin, .hospital, .staff: break
        }
    }
}
