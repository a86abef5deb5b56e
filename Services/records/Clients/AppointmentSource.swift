package import API
package import Chassis
import JSON
package import Kernel
package import Lifecycle

/// Whoever knows visits: whom they join and where they stand.
package protocol AppointmentSource: Sendable {
    /// Nil of one that nobody has.
    func appointment(
        _ id: ID<Appointment>, for origin: Origin, until deadline: Deadline
    ) async throws -> AppointmentPartiesView?
    /// The latest visits of a patient, the latest change first.
    func appointments(
        _ query: PatientAppointments, for origin: Origin, until deadline: Deadline
    ) async throws -> [AppointmentPartiesView]
}

/// Asks scheduling.
package struct SchedulingAppointments: AppointmentSource {
    private let calls: ServiceClient

    package init(_ calls: ServiceClient) { self.calls = calls }

    package func appointment(
        _ id: ID<Appointment>, for origin: Origin, until deadline: Deadline
    ) async throws -> AppointmentPartiesView? {
        do throws(Problem) {
            let answer = try await calls.ask(
                AppointmentsAPI.parties.declaration, path: [id.description], for: origin, until: deadline)
            guard let view = AppointmentPartiesView(answer) else { throw .unavailable() }
            return view
        } catch {
            if error.code == .notFound { return nil }
            throw error
        }
    }

    package func appointments(
        _ query: PatientAppointments, for origin: Origin, until deadline: Deadline
    ) async throws -> [AppointmentPartiesView] {
        let answer = try await calls.ask(
            SchedulingReadsAPI.ofPatient.declaration, body: query.json, for: origin, until: deadline)
        guard let items = answer["appointments"]?.array else { throw Problem.unavailable() }
        return items.compactMap { AppointmentPartiesView($0) }
    }
}
