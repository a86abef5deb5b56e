import API
import Audit
package import Chassis
package import Crypto
import Events
import Jobs
package import Kernel
import Lifecycle
import Messaging
package import Postgres

/// Where registry's parts are made and joined.
package struct Composition: Sendable {
    package let patients: Patients
    package let doctors: Doctors
    package let mappings: Mappings
    package let providers: Providers
    package let registration: ProviderRegistration
    let registeredPatients: RegisteredPatientStore
    let registrar: Registrar
    let parts: Dependencies
    package let reaction: OnIdentityEvent
    package let searchTokens: RenewSearchTokens
    /// What runs beside requests; empty where a test brings events itself.
    var services: [any Service] = []

    /// What registry stands on; in a test without a process around it.
    package struct Dependencies: Sendable {
        let database: Database
        let unit: UnitOfWork
        let ledger: Ledger
        let clock: any WallClock
        /// Wraps the data keys of the accounts that keep patients.
        let sealer: Sealer
        /// Where the accounts of those who register come from.
        let accounts: any AccountSource

        package init(
            database: Database, unit: UnitOfWork, ledger: Ledger, clock: any WallClock, sealer: Sealer,
            accounts: any AccountSource
        ) {
            self.database = database
            self.unit = unit
            self.ledger = ledger
            self.clock = clock
            self.sealer = sealer
            self.accounts = accounts
        }
    }

    /// Opens the service's keys, and makes those that are not there yet.
    package init(_ parts: Dependencies) async throws {
        let vault = try await Vault.open(parts.database, sealer: parts.sealer)
        self.parts = parts
        let patientStore = PatientStore(database: parts.database, vault: vault)
        let doctorStore = DoctorStore(database: parts.database)
        patients = Patients(store: patientStore, unit: parts.unit, ledger: parts.ledger, clock: parts.clock)
        searchTokens = RenewSearchTokens(store: patientStore)
        doctors = Doctors(store: doctorStore, unit: parts.unit, ledger: parts.ledger, clock: parts.clock)
        mappings = Mappings(
            store: MappingStore(database: parts.database, vault: vault), patients: patientStore, doctors: doctorStore,
            unit: parts.unit, ledger: parts.ledger, clock: parts.clock)
        let providerStore = ProviderStore(database: parts.database, vault: vault)
        providers = Providers(
            store: providerStore, unit: parts.unit, ledger: parts.ledger,
            accesses: AccessLog(parts.ledger.audit, parts.database), clock: parts.clock)
        registrar = Registrar(
            accounts: parts.accounts, judge: PasswordJudge(), database: parts.database, unit: parts.unit,
            ledger: parts.ledger)
        registration = ProviderRegistration(
            registrar: registrar, store: providerStore, ledger: parts.ledger, clock: parts.clock)
        registeredPatients = RegisteredPatientStore(database: parts.database, vault: vault)
        reaction = OnIdentityEvent(providers: providerStore, patients: registeredPatients, clock: parts.clock)
    }
}

extension Composition {
    /// In a process of its own.
    package init(_ parts: ServiceParts) async throws {
        try await self.init(
            Dependencies(
                database: parts.database, unit: parts.unit, ledger: parts.ledger,
                clock: parts.clock, sealer: parts.sealer, accounts: IdentityAccounts(parts.calls)))
        let handler = EventHandler(consumer: parts.name.rawValue, database: parts.database) { [reaction] in
            try await reaction.react($0, in: $1)
        }
        services = [
            Consumer(
                handler, of: [EventSource.identity.name], redis: parts.redis, group: parts.group,
                channels: parts.channels, metrics: parts.metrics),
            // Hourly, for what processes of the last release wrote meanwhile.
            PeriodicJob(
                "renew search tokens", every: .seconds(3600), metrics: parts.metrics, draining: searchTokens.run),
        ]
    }

    package var assembled: Assembled {
        Assembled(routes: routes, services: services)
    }
}
