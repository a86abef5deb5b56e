import API
package import Chassis
package import Crypto
package import Kernel
package import Postgres
package import Sealing
import Settings
package import Web

/// Where scheduling's parts are made and joined.
package struct Composition: Sendable {
    /// The keys under which what patients say is sealed, in `data_key`.
    package let patientKeys: DataKeys<Patient>
    package let schedules: ScheduleHandlers
    package let visits: AppointmentHandlers
    /// What scheduling stands on; in a test without a process around it.
    package struct Dependencies: Sendable {
        let database: Database
        let unit: UnitOfWork
        let ledger: Ledger
        let clock: any WallClock
        /// Wraps the data keys of patients.
        let sealer: Sealer
        fileprivate(set) var directory: any DirectorySource
        let accounts: any StandingSource
        let zones: any AccountZoneSource

        package init(
            database: Database, unit: UnitOfWork, ledger: Ledger, clock: any WallClock, sealer: Sealer,
            directory: any DirectorySource, accounts: any StandingSource, zones: any AccountZoneSource
        ) {
            self.database = database
            self.unit = unit
            self.ledger = ledger
            self.clock = clock
            self.sealer = sealer
            self.directory = directory
            self.accounts = accounts
            self.zones = zones
        }
    }

    /// Opens the service's keys, and makes those that are not there yet.
    package init(_ parts: Dependencies, _ settings: SchedulingSettings) async throws {
        var parts = parts
        parts.directory = SharedDirectory(parts.directory)
        let keys = try await ServiceKeys.open(parts.database, sealer: parts.sealer, purpose: "scheduling")
        patientKeys = DataKeys(of: "scheduling.patient", sealer: parts.sealer)
        let names = DirectoryNames(directory: parts.directory, clock: parts.clock)
        schedules = ScheduleHandlers(parts, settings, keys: keys, patientKeys: patientKeys, names: names)
        visits = AppointmentHandlers(
            parts, settings, keys: keys, patientKeys: patientKeys, names: names, times: schedules.times)
    }

    /// Every endpoint of scheduling with what answers it.
    package var routes: Routes {
        var routes = Routes()
        schedules.serve(in: &routes)
        visits.serve(in: &routes)
        return routes
    }
}

extension Composition {
    /// Scheduling in a process of its own.
    package static func service(_ dependencies: ServiceDependencies) async throws -> ComposedService {
        var reader = SettingsReader(dependencies.environment)
        let composition = try await Composition(
            Dependencies(
                database: dependencies.database, unit: dependencies.unit, ledger: dependencies.ledger,
                clock: dependencies.clock, sealer: dependencies.sealer,
                directory: RegistryDirectory(dependencies.calls), accounts: IdentityStandings(dependencies.calls),
                zones: NotifierZones(dependencies.calls)),
            SchedulingSettings(&reader))
        return ComposedService(
            routes: composition.routes,
            services: composition.visits.listeners(dependencies) + composition.schedules.jobs(dependencies))
    }
}
