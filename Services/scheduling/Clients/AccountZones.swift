import API
package import Chassis
import JSON
package import Kernel
package import Lifecycle

/// Whoever knows the time zone that an account chose.
package protocol AccountZoneSource: Sendable {
    /// The IANA name of the zone of the origin's caller; UTC where nothing was chosen.
    /// - Throws: `service_unavailable` when it cannot be had.
    func zone(for origin: Origin, until deadline: Deadline) async throws -> String
}

/// Asks notifier, which keeps preferences.
package struct NotifierZones: AccountZoneSource {
    private let calls: ServiceClient

    package init(_ calls: ServiceClient) { self.calls = calls }

    package func zone(for origin: Origin, until deadline: Deadline) async throws -> String {
        let answer = try await calls.ask(
            NotificationsAPI.preferencesOfCaller.declaration, for: origin, until: deadline)
        guard let zone = answer["timezone"]?.string else { throw Problem.unavailable() }
        return zone
    }
}
