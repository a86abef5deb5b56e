import API
import Kernel
import Lifecycle
import Records

/// What registry knows of a patient's health, and scheduling's ending of visits, as a test says.
final class GivenPrescribing: PrescribingSource {
    struct State {
        var health = PatientHealthView()
        /// The prescriptions by which visits were ended.
        var completed: [ID<Prescription>] = []
        var isRegistryAway = false
        var isSchedulingAway = false
        /// Happens while registry is asked.
        var meanwhile: (@Sendable () async throws -> Void)?
    }

    private let state: Locked<State>
    var seen: State { state.withLock { $0 } }
    func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    /// Somebody of whom all was recorded, and nothing that matters.
    init() {
        var state = State()
        state.health.allergies = "none"
        state.health.currentMedications = "none"
        state.health.dateOfBirth = CalendarDate("1990-05-15")
        state.health.gender = .male
        self.state = Locked(state)
    }

    func health(
        of patient: ID<Patient>, at hospital: ID<Hospital>?, for origin: Origin, until deadline: Deadline
    ) async throws -> PatientHealthView {
        try await seen.meanwhile?()
        return try state.withLock { state in
            if state.isRegistryAway { throw Problem.unavailable() }
            return state.health
        }
    }

    func complete(
        _ id: ID<Appointment>, by prescription: ID<Prescription>, for origin: Origin, until deadline: Deadline
    ) async throws -> AppointmentStatus {
        try state.withLock { state in
            if state.isSchedulingAway { throw Problem.unavailable() }
            state.completed.append(prescription)
            return .completed
        }
    }
}
