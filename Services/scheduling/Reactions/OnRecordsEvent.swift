import Events
import Kernel
import Postgres

/// What follows here from prescriptions: the visit is over. Records asks for it before it answers; the event makes sure
/// of it where that answer was never had.
struct OnRecordsEvent: Sendable {
    let completion: AppointmentCompletion
    let clock: any WallClock

    /// The events that change something here, by name; no other is heard.
    static let heard = [Event.prescriptionCreated.name]

    func react(_ envelope: EventEnvelope, in tx: Transaction) async throws {
        guard let fact = try envelope.fact(of: Event.prescriptionCreated), let appointment = fact.appointment else {
            return
        }
        let cause = AppointmentCompletion.Cause(
            prescription: fact.prescription, doctorAccount: fact.doctorAccount,
            origin: .reaction(to: envelope.id, traceparent: envelope.traceparent))
        do {
            // Nobody else is asked within a transaction, and events may be hours old: what is left is not offered.
            _ = try await completion.complete(
                appointment, because: cause, freed: nil, at: clock.now, in: tx)
        } catch let problem as Problem where problem.code == .illegalTransition {
            // Cancelled between the prescription and its event: it stays cancelled.
        }
    }
}
