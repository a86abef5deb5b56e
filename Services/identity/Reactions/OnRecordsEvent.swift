package import Chassis
package import Events
import Kernel
package import Postgres

/// Tells every administrator when a doctor opens records without their patient: identity alone knows who they are.
package struct OnRecordsEvent: Sendable {
    let accounts: AccountStore
    let ledger: Ledger

    package init(accounts: AccountStore, ledger: Ledger) {
        self.accounts = accounts
        self.ledger = ledger
    }

    /// The events that something follows from, by name; no other is heard.
    package static let heard = [Event.breakGlassOpened.name]

    package func react(_ envelope: EventEnvelope, in tx: Transaction) async throws {
        guard let fact = try envelope.fact(of: Event.breakGlassOpened) else { return }
        let origin = Origin.reaction(to: envelope.id, traceparent: envelope.traceparent)
        for administrator in try await accounts.administrators(atMost: nil, in: tx) {
            try await ledger.record(
                .breakGlassReported(BreakGlassReportFact(grant: fact.grant, administrator: administrator)),
                from: origin, in: tx)
        }
    }
}
