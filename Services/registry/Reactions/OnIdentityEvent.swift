package import Events
package import Kernel
package import Postgres

/// What identity tells of an account, noted in the entry that belongs to it.
package struct OnIdentityEvent: Sendable {
    let providers: ProviderStore
    let clock: any WallClock

    package init(providers: ProviderStore, clock: any WallClock) { (self.providers, self.clock) = (providers, clock) }

    package func react(_ envelope: EventEnvelope, in tx: Transaction) async throws {
        let now = clock.now
        switch try envelope.event(IdentityEvent.self) {
        case .emailVerified(let fact):
            try await providers.note(fact.account, emailVerified: true, at: now, in: tx)
        case .accountActivated(let fact): try await providers.note(fact.account, active: true, at: now, in: tx)
        case .accountDeactivated(let fact): try await providers.note(fact.account, active: false, at: now, in: tx)
        case .accountRegistered, .accountUpdated, .passwordChanged, .verificationRequested, .reviewAsked,
            .sessionEnded, .sessionsEnded, .phoneCodeRequested, .phoneVerified, .passwordResetRequested,
            .newDeviceSeen, .secondFactorEnabled, .secondFactorDisabled, nil:
            break
        }
    }
}
