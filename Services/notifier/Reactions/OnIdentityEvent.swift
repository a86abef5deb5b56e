package import Events
package import Kernel
import NotifierDomain
package import Postgres

/// What follows from identity's facts: rows, in the transaction that notes the event as handled.
package struct OnIdentityEvent: Sendable {
    let deliveries: DeliveryStore
    let clock: any WallClock
    /// The right side of message ids: the sender's domain.
    let domain: String

    package init(deliveries: DeliveryStore, clock: any WallClock, domain: String) {
        (self.deliveries, self.clock, self.domain) = (deliveries, clock, domain)
    }

    package func react(_ envelope: EventEnvelope, in tx: Transaction) async throws {
        guard let event = try envelope.event(IdentityEvent.self), let occasion = occasion(of: event) else { return }
        let now = clock.now
        for planned in DeliveryPlan.deliveries(on: occasion) {
            let id = ID<Delivery>.make(at: now)
            try await deliveries.insert(
                planned, of: envelope.id, id: id, messageID: "<\(id)@\(domain)>", traceparent: envelope.traceparent,
                at: now, in: tx)
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
        case .accountUpdated, .passwordChanged, .accountActivated, .accountDeactivated, .sessionEnded, .sessionsEnded:
            nil
        }
    }
}
