import Events
import Kernel
import Postgres
import SchedulingDomain

/// Ends the visit that a prescription was written for: asked by records before it answers, and told by its event. What
/// is over stays as it is, so that both together end it once.
struct AppointmentCompletion: Sendable {
    let store: AppointmentStore
    let writer: AppointmentWriter
    let queue: VisitQueue

    /// The doctor's prescription, and what caused it.
    struct Cause: Sendable {
        let prescription: ID<Prescription>
        let doctorAccount: ID<Account>?
        let origin: Origin
    }

    /// - Parameter freed: its doctor; nil where what is left of its time can be nobody else's.
    /// - Returns: the visit as it is now; nil where there is none.
    /// - Throws: `illegal_transition` for one that did not take place, or was not agreed yet.
    func complete(
        _ id: ID<Appointment>, because cause: Cause, freed: FreedDoctor?, at now: Instant, in tx: Transaction
    ) async throws -> AppointmentRecord? {
        try await tx.speak(as: .service)
        guard let record = try await store.lock(id, in: tx) else { return nil }
        if record.status == .completed { return record }
        try AppointmentTransitions.check(from: record.status, to: .completed, by: .doctor, hasDoctor: true)
        let next = record.completed(by: cause.prescription, at: now)
        let actor = AppointmentActor(account: cause.doctorAccount, role: .doctor)
        try await writer.change(
            record, to: next, as: Event.appointmentCompleted, by: actor, freed: freed, from: cause.origin, in: tx)
        try await queue.update(record, to: next, on: nil, at: now, from: cause.origin, in: tx)
        return next
    }
}
