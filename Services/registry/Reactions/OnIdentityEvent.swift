package import Events
package import Kernel
package import Postgres

/// What identity tells of an account, noted in the entry or record that belongs to it.
package struct OnIdentityEvent: Sendable {
    let providers: ProviderStore
    let patients: RegisteredPatientStore
    let clock: any WallClock

    package init(providers: ProviderStore, patients: RegisteredPatientStore, clock: any WallClock) {
        (self.providers, self.patients, self.clock) = (providers, patients, clock)
    }

    package func react(_ envelope: EventEnvelope, in tx: Transaction) async throws {
        switch try envelope.event(IdentityEvent.self) {
        case .emailVerified(let fact): try await note(fact, emailVerified: true, in: tx)
        case .phoneVerified(let fact): try await note(fact, phoneVerified: true, in: tx)
        case .accountActivated(let fact): try await note(fact, active: true, in: tx)
        case .accountDeactivated(let fact): try await note(fact, active: false, in: tx)
        case .accountRegistered, .accountUpdated, .passwordChanged, .verificationRequested, .reviewAsked,
            .sessionEnded, .sessionsEnded, .phoneCodeRequested, .passwordResetRequested,
            .newDeviceSeen, .secondFactorEnabled, .secondFactorDisabled, nil:
            break
        }
    }

    private func note(
        _ fact: IdentityEvent.AccountFact, emailVerified: Bool? = nil, phoneVerified: Bool? = nil,
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
