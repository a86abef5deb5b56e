import Chassis
package import Events
import Kernel
package import Postgres

/// What follows here from changes at registry: of an erased patient the keys are destroyed, so that no table, file or
/// backup can be read any more, what they asked advice about is deleted, and whoever could read hears no more.
package struct OnRegistryEvent: Sendable {
    let keys: PatientKeys
    let grants: GrantStore
    let advice: AdviceStore
    let ledger: Ledger
    let clock: any WallClock

    /// The events that change something here, by name; no other is heard.
    package static let heard = [Event.registeredPatientDeleted.name]

    package func react(_ envelope: EventEnvelope, in tx: Transaction) async throws {
        guard let fact = try envelope.fact(of: Event.registeredPatientDeleted) else { return }
        try await tx.speak(as: .service)
        try await grants.endAll(of: fact.patient, in: tx)
        try await advice.erase(of: fact.account, in: tx)
        guard try await keys.destroy(of: fact.patient, at: clock.now, in: tx) else { return }
        try await ledger.note(
            "patient_key_destroyed", about: "patient/\(fact.patient)",
            from: .reaction(to: envelope.id, traceparent: envelope.traceparent), in: tx)
    }
}
