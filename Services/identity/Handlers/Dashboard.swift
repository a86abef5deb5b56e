package import API
package import Kernel
package import Lifecycle
import Observability
package import Web

/// What identity asks of registry and scheduling to show it beside what it knows itself.
package protocol DashboardSource: Sendable {
    /// What belongs to the caller there.
    func own(for origin: Origin, until deadline: Deadline) async throws -> OwnDirectoryView
    /// Hospitals by status.
    func hospitals(for origin: Origin, until deadline: Deadline) async throws -> [HospitalStatus: Int]
    /// Appointments by status.
    func appointments(for origin: Origin, until deadline: Deadline) async throws -> [AppointmentStatus: Int]
}

/// Numbers for administrators.
package struct Dashboard: Sendable {
    let accounts: AccountStore
    let directory: any DashboardSource
    let trail: Trail

    package func show(_: NoInput, _ call: Call) async throws -> Item<DashboardView> {
        async let numbers = accounts.numbers()
        async let hospitals = unlessAway { try await directory.hospitals(for: call.origin, until: call.deadline) }
        async let appointments = unlessAway {
            try await directory.appointments(for: call.origin, until: call.deadline)
        }
        async let recent = trail.recent(10, call)
        return Item(
            DashboardView(
                accounts: try await numbers, hospitals: await hospitals, appointments: await appointments,
                recentActivity: try await recent))
    }
}

/// Nil while the service that is asked cannot be had: what only informs is left out.
func unlessAway<Value>(_ ask: () async throws -> Value) async -> Value? {
    do { return try await ask() } catch {
        log.warning("an answer leaves out what another service knows", ["fault": String(describing: type(of: error))])
        return nil
    }
}
