package import API
import Kernel
package import Web

/// `/internal/appointments/…`: what registry, identity and records ask.
package struct AppointmentReads: Sendable {
    let counts: AppointmentCounts
    let clock: any WallClock

    package func patients(_ input: PatientsOfHospital, _ call: Call) async throws -> Item<PatientIDsView> {
        Item(
            PatientIDsView(
                try await counts.patients(of: input.hospital, after: input.after, limit: input.limit)))
    }

    package func affected(_ input: AppointmentsOfDoctor, _ call: Call) async throws -> Item<AppointmentIDsView> {
        Item(AppointmentIDsView(try await counts.ahead(of: input.doctor, at: clock.now)))
    }

    package func openOfDepartment(
        _ input: AppointmentsOfDepartment, _ call: Call
    ) async throws -> Item<AppointmentCountView> {
        Item(AppointmentCountView(try await counts.open(of: input.department)))
    }

    package func ofPatient(
        _ input: PatientAppointments, _ call: Call
    ) async throws -> Item<PatientAppointmentsView> {
        Item(
            PatientAppointmentsView(
                try await counts.latest(of: input.patient, with: input.doctorAccount)))
    }

    package func stats(_ input: NoInput, _ call: Call) async throws -> Item<AppointmentStatsView> {
        Item(AppointmentStatsView(try await counts.byStatus()))
    }
}
