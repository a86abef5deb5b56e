import API
package import Chassis
import JSON
package import Kernel
package import Lifecycle

/// Whoever keeps the appointments of hospitals.
package protocol AppointmentSource: Sendable {
    /// Patients who have or had an appointment at the hospital, by id; those behind `after`, so many at most.
    func patients(
        of hospital: ID<Hospital>, after: ID<Patient>?, atMost limit: Int, for origin: Origin, until deadline: Deadline
    ) async throws -> [ID<Patient>]
    /// A doctor's appointments ahead that are not ended.
    func ahead(
        of doctor: ID<Doctor>, for origin: Origin, until deadline: Deadline
    ) async throws -> [ID<Appointment>]
    /// How many appointments of a department are not ended.
    func open(
        in department: ID<Department>, for origin: Origin, until deadline: Deadline
    ) async throws -> Int
}

/// Asks scheduling.
package struct SchedulingAppointments: AppointmentSource {
    private let calls: ServiceClient

    package init(_ calls: ServiceClient) { self.calls = calls }

    package func patients(
        of hospital: ID<Hospital>, after: ID<Patient>?, atMost limit: Int, for origin: Origin, until deadline: Deadline
    ) async throws -> [ID<Patient>] {
        let body: JSONValue = [
            "hospital_id": .string(hospital.description), "after": .text(after?.description),
            "limit": .integer(Int64(limit)),
        ]
        let answer = try await calls.ask(
            SchedulingReadsAPI.patients.declaration, body: body, for: origin, until: deadline)
        return try Self.ids(answer["patient_ids"])
    }

    package func ahead(
        of doctor: ID<Doctor>, for origin: Origin, until deadline: Deadline
    ) async throws -> [ID<Appointment>] {
        let answer = try await calls.ask(
            SchedulingReadsAPI.affected.declaration, body: ["doctor_id": .string(doctor.description)], for: origin,
            until: deadline)
        return try Self.ids(answer["appointment_ids"])
    }

    package func open(
        in department: ID<Department>, for origin: Origin, until deadline: Deadline
    ) async throws -> Int {
        let answer = try await calls.ask(
            SchedulingReadsAPI.openOfDepartment.declaration, body: ["department_id": .string(department.description)],
            for: origin, until: deadline)
        guard let count = answer["count"]?.integer else { throw Problem.unavailable() }
        return Int(clamping: count)
    }

    private static func ids<Entity>(_ json: JSONValue?) throws(Problem) -> [ID<Entity>] {
        guard let texts = json?.array?.compactMap(\.string) else { throw .unavailable() }
        return texts.compactMap { ID<Entity>($0) }
    }
}
