package import API
package import Chassis
import JSON
package import Kernel
package import Lifecycle

/// What prescribing asks of other services, beside who and where: what is known of the patient's health, and that the
/// visit is over now.
package protocol PrescribingSource: Sendable {
    /// What registry keeps of a patient's health; `hospital` is where they are treated.
    func health(
        of patient: ID<Patient>, at hospital: ID<Hospital>?, for origin: Origin, until deadline: Deadline
    ) async throws -> PatientHealthView
    /// Ends the visit that a prescription was written for; asked again it changes nothing.
    /// - Returns: where the visit stands now.
    func complete(
        _ id: ID<Appointment>, by prescription: ID<Prescription>, for origin: Origin, until deadline: Deadline
    ) async throws -> AppointmentStatus
}

/// Asks registry and scheduling, each two seconds at most: a doctor waits no longer for them.
package struct PrescribingCalls: PrescribingSource {
    private static let limit: Duration = .seconds(2)
    private let calls: ServiceClient

    package init(_ calls: ServiceClient) { self.calls = calls }

    package func health(
        of patient: ID<Patient>, at hospital: ID<Hospital>?, for origin: Origin, until deadline: Deadline
    ) async throws -> PatientHealthView {
        let query = hospital.map { [(name: "hospital_id", value: $0.description)] } ?? []
        let answer = try await calls.ask(
            RegistryAPI.patientHealth.declaration, path: [patient.description], query: query, for: origin,
            until: deadline, within: Self.limit)
        guard let view = PatientHealthView(answer) else { throw Problem.unavailable() }
        return view
    }

    package func complete(
        _ id: ID<Appointment>, by prescription: ID<Prescription>, for origin: Origin, until deadline: Deadline
    ) async throws -> AppointmentStatus {
        let answer = try await calls.ask(
            AppointmentsAPI.complete.declaration, path: [id.description],
            body: CompleteAppointment(prescription: prescription).json, for: origin, until: deadline,
            within: Self.limit)
        guard let status = answer["status"]?.string.flatMap({ AppointmentStatus(rawValue: $0) }) else {
            throw Problem.unavailable()
        }
        return status
    }
}
