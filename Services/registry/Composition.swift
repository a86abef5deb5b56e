package import Chassis
package import Crypto
package import Kernel
package import Postgres

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
        /// Wraps the data keys of the accounts that keep patients.
        let sealer: Sealer

        package init(
            database: Database, unit: UnitOfWork, ledger: Ledger, clock: any WallClock, sealer: Sealer
        ) {
            (self.database, self.unit, self.ledger) = (database, unit, ledger)
            (self.clock, self.sealer) = (clock, sealer)
        }
    }

    /// Opens the service's keys, and makes those that are not there yet.
    package init(_ parts: Foundation) async throws {
        let vault = try await Vault.open(parts.database, sealer: parts.sealer)
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
        try await self.init(
            Foundation(
                database: parts.database, unit: parts.unit, ledger: Ledger(outbox: parts.outbox, audit: parts.audit),
                clock: parts.clock, sealer: parts.sealer))
    }

    package var assembled: Assembled { Assembled(routes: routes) }
}
