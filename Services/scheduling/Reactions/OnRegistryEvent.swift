package import Events
import Kernel
package import Postgres
import SchedulingDomain

/// What follows here from changes at registry: at a hospital that was rejected or deleted nothing takes place any more,
/// so its visits ahead are cancelled, and their people are told.
package struct OnRegistryEvent: Sendable {
    let store: AppointmentStore
    let writer: AppointmentWriter
    let queue: VisitQueue
    let clock: any WallClock

    /// The events that change something here, by name; no other is heard.
    package static let heard = [Event.hospitalRejected.name, Event.hospitalDeleted.name]

    package func react(_ envelope: EventEnvelope, in tx: Transaction) async throws {
        for event in [Event.hospitalRejected, Event.hospitalDeleted] {
            guard let fact = try envelope.fact(of: event) else { continue }
            let origin = Origin.reaction(to: envelope.id, traceparent: envelope.traceparent)
            try await cancelAhead(at: fact.hospital, madeBefore: envelope.time, from: origin, in: tx)
        }
    }

    /// What was booked after it was approved again stays.
    private func cancelAhead(
        at hospital: ID<Hospital>, madeBefore time: Instant, from origin: Origin, in tx: Transaction
    ) async throws {
        try await tx.speak(as: .service)
        let now = clock.now
        let actor = AppointmentActor(account: nil, role: .admin)
        for record in try await store.lockAhead(of: hospital, madeBefore: time, at: now, in: tx) {
            let next = record.stepped(to: .cancelled, by: actor, because: nil, at: now)
            try await writer.change(
                record, to: next, as: Event.appointmentCancelled, by: actor, freed: nil, from: origin, in: tx)
            try await queue.update(record, to: next, on: nil, at: now, from: origin, in: tx)
        }
    }
}
