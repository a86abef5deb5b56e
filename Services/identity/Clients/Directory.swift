package import API
package import Chassis
package import Kernel
package import Lifecycle

/// Asks registry and scheduling, in the caller's name.
package struct ServicesDirectory: DashboardSource {
    private let calls: ServiceClient

    package init(_ calls: ServiceClient) { self.calls = calls }

    package func own(for origin: Origin, until deadline: Deadline) async throws -> OwnDirectoryView {
        OwnDirectoryView(
            try await calls.ask(
                RegistryAPI.directoryMe.declaration, for: origin, until: deadline, within: .seconds(2)))
    }

    package func hospitals(for origin: Origin, until deadline: Deadline) async throws -> [HospitalStatus: Int] {
        let answer = try await calls.ask(
            RegistryAPI.hospitalNumbers.declaration, for: origin, until: deadline, within: .seconds(2))
        return HospitalNumbersView(answer).byStatus
    }

    package func appointments(
        for origin: Origin, until deadline: Deadline
    ) async throws -> [AppointmentStatus: Int] {
        let answer = try await calls.ask(
            SchedulingReadsAPI.stats.declaration, for: origin, until: deadline, within: .seconds(2))
        guard let stats = AppointmentStatsView(answer) else { throw Problem.unavailable() }
        return stats.byStatus
    }
}

/// For what works without other services around it.
package struct NoDirectory: DashboardSource {
    package init() {}

    package func own(for origin: Origin, until deadline: Deadline) async throws -> OwnDirectoryView {
        throw Problem.unavailable()
    }

    package func hospitals(for origin: Origin, until deadline: Deadline) async throws -> [HospitalStatus: Int] {
        throw Problem.unavailable()
    }

    package func appointments(
        for origin: Origin, until deadline: Deadline
    ) async throws -> [AppointmentStatus: Int] {
        throw Problem.unavailable()
    }
}
