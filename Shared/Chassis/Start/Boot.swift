package import API
package import Postgres

/// The life of a service's process, from its first instruction to its last.
package enum Boot {
    package typealias Compose = @Sendable (ServiceParts) async throws -> Assembled

    /// Reads the settings, migrates, serves, and returns when the process was asked to stop and has done so. Ends the
    /// process with 78 when its settings are not usable, with 1 when it cannot start.
    package static func run(_ name: ServiceName, migrations: [Migration], compose: @escaping Compose) async {}
}
