package import Chassis
package import Kernel
import Messaging
package import Postgres
import Settings

/// Where registry's parts are made and joined.
package struct Composition: Sendable {
    package let patients: Patients
    package let doctors: Doctors
    package let mappings: Mappings

    /// What registry stands on; in a test without a process around it.
    package struct Foundation: Sendable {
        let database: Database
        let unit: UnitOfWork
        let ledger: Ledger
        let clock: any WallClock

        package init(database: Database, unit: UnitOfWork, ledger: Ledger, clock: any WallClock) {
            (self.database, self.unit, self.ledger, self.clock) = (database, unit, ledger, clock)
        }
    }

    /// Opens the service's keys, and makes those that are not there yet.
    package init(_ parts: Foundation, _ settings: RegistrySettings) async throws {
        let vault = try await Vault.open(parts.database, sealer: settings.sealer)
        let patientStore = PatientStore(database: parts.database, vault: vault)
        let doctorStore = DoctorStore(database: parts.database)
        patients = Patients(store: patientStore, unit: parts.unit, ledger: parts.ledger, clock: parts.clock)
        doctors = Doctors(store: doctorStore, unit: parts.unit, ledger: parts.ledger, clock: parts.clock)
        mappings = Mappings(
            store: MappingStore(database: parts.database, vault: vault), patients: patientStore, doctors: doctorStore,
            unit: parts.unit, ledger: parts.ledger, clock: parts.clock)
    }
}

extension Composition {
    /// In a process of its own.
    package init(_ parts: ServiceParts) async throws {
        var reader = SettingsReader(parts.environment)
        let settings = try RegistrySettings(&reader)
        let ledger = Ledger(outbox: Outbox(clock: parts.clock), audit: parts.audit)
        try await self.init(
            Foundation(database: parts.database, unit: parts.unit, ledger: ledger, clock: parts.clock), settings)
    }

    package var assembled: Assembled { Assembled(routes: routes) }
}
