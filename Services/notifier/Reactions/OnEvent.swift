package import Events
package import Kernel
import NotifierDomain
package import Postgres

/// What follows from the facts of other services: rows, in the transaction that notes the event as handled.
package struct OnEvent: Sendable {
    let deliveries: DeliveryStore
    let clock: any WallClock
    /// The right side of message ids: the sender's domain.
    let domain: String

    package init(deliveries: DeliveryStore, clock: any WallClock, domain: String) {
        (self.deliveries, self.clock, self.domain) = (deliveries, clock, domain)
    }

    package func react(_ envelope: EventEnvelope, in tx: Transaction) async throws {
        guard let occasion = try occasion(of: envelope) else { return }
        let now = clock.now
        for planned in DeliveryPlan.deliveries(on: occasion) {
            let id = ID<Delivery>.make(at: now)
            try await deliveries.insert(
                planned, of: envelope.id, id: id, messageID: "<\(id)@\(domain)>", traceparent: envelope.traceparent,
                occurred: min(envelope.time, now), at: now, in: tx)
        }
    }

    private func occasion(of envelope: EventEnvelope) throws -> DeliveryPlan.Occasion? {
        if let event = try envelope.event(IdentityEvent.self) { return occasion(of: event) }
        return try envelope.event(RegistryEvent.self).flatMap(occasion)
    }

    private func occasion(of event: RegistryEvent) -> DeliveryPlan.Occasion? {
        switch event {
        case .providerVerified(let fact): .providerVerified(fact.account)
        case .providerRejected(let fact): .providerRejected(fact.account)
        // A registration is told by identity, once the account can log in.
        case .providerRegistered, .patientCreated, .patientUpdated, .patientDeleted, .doctorCreated, .doctorUpdated,
            .doctorDeleted, .mappingCreated, .mappingDeleted:
            nil
        }
    }

    private func occasion(of event: IdentityEvent) -> DeliveryPlan.Occasion? {
        switch event {
        // Who has an entry elsewhere proves the email first, and is welcomed then.
        case .accountRegistered(let fact):
            fact.role == .doctor || fact.role == .patient ? nil : .accountRegistered(fact.account)
        case .verificationRequested(let fact): .verificationRequested(fact.account)
        case .emailVerified(let fact): .emailVerified(fact.account)
        case .reviewAsked(let fact): .reviewAsked(of: fact.reviewer)
        case .phoneCodeRequested(let fact): .phoneCodeRequested(fact.account)
        case .passwordResetRequested(let fact): .passwordResetRequested(fact.account)
        case .passwordChanged(let fact): .passwordChanged(fact.account)
        case .newDeviceSeen(let fact): .newDeviceSeen(fact.account)
        case .secondFactorEnabled(let fact): .secondFactorEnabled(fact.account)
        case .secondFactorDisabled(let fact): .secondFactorDisabled(fact.account)
        case .accountUpdated, .accountActivated, .accountDeactivated, .sessionEnded, .sessionsEnded, .phoneVerified:
            nil
        }
    }
}
