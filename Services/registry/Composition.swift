import API
import Audit
package import Chassis
package import Crypto
import Events
import Jobs
package import Kernel
package import Messaging
package import Postgres

/// Where registry's parts are made and joined.
package struct Composition: Sendable {
    package let patients: Patients
    package let doctors: Doctors
    package let mappings: Mappings
    package let providers: Providers
    package let registration: ProviderRegistration
    package let patientRegistration: PatientRegistration
    package let patientProfiles: PatientProfiles
    package let hospitalRegistration: HospitalRegistration
    package let hospitals: Hospitals
    package let departments: Departments
    package let hospitalDoctors: HospitalDoctors
    package let hospitalPatients: HospitalPatients
    package let directories: Directories
    package let adminPatients: AdminPatients
    package let registrations: Registrations
    package let handedEvents: HandedEvents
    package let reaction: OnIdentityEvent
    /// Does what is to be done about an event, once, whoever brings it.
    package let handler: EventHandler
    package let searchTokens: RenewSearchTokens
    package let indexTokens: IndexSearchTokens
    package let sealProviders: SealProviders

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
        let appointments: any AppointmentSource

        package init(
            database: Database, unit: UnitOfWork, ledger: Ledger, clock: any WallClock, sealer: Sealer,
            accounts: any AccountSource, appointments: any AppointmentSource
        ) {
            self.database = database
            self.unit = unit
            self.ledger = ledger
            self.clock = clock
            self.sealer = sealer
            self.accounts = accounts
            self.appointments = appointments
        }
    }

    /// Opens the service's keys, and makes those that are not there yet.
    package init(_ parts: Dependencies) async throws {
        let vault = try await Vault.open(parts.database, sealer: parts.sealer)
        let patientStore = PatientStore(database: parts.database, vault: vault)
        let doctorStore = DoctorStore(database: parts.database)
        patients = Patients(store: patientStore, unit: parts.unit, ledger: parts.ledger, clock: parts.clock)
        searchTokens = RenewSearchTokens(store: patientStore)
        indexTokens = IndexSearchTokens(store: patientStore)
        doctors = Doctors(store: doctorStore, unit: parts.unit, ledger: parts.ledger, clock: parts.clock)
        mappings = Mappings(
            store: MappingStore(database: parts.database, vault: vault), patients: patientStore, doctors: doctorStore,
            unit: parts.unit, ledger: parts.ledger, clock: parts.clock)
        let providerStore = ProviderStore(database: parts.database, vault: vault)
        sealProviders = SealProviders(store: providerStore)
        providers = Providers(
            store: providerStore, unit: parts.unit, ledger: parts.ledger,
            accesses: AccessLog(parts.ledger.audit, parts.database), clock: parts.clock)
        let registrar = Registrar(
            accounts: parts.accounts, judge: PasswordJudge(), database: parts.database, unit: parts.unit,
            ledger: parts.ledger)
        registration = ProviderRegistration(
            registrar: registrar, store: providerStore, ledger: parts.ledger, clock: parts.clock)
        registrations = Registrations(store: RegistrationStore(database: parts.database))
        let registeredPatients = RegisteredPatientStore(database: parts.database, vault: vault)
        patientRegistration = PatientRegistration(
            registrar: registrar, store: registeredPatients, ledger: parts.ledger, clock: parts.clock)
        adminPatients = AdminPatients(
            store: registeredPatients, records: patientStore, unit: parts.unit, ledger: parts.ledger,
            accesses: AccessLog(parts.ledger.audit, parts.database), clock: parts.clock)
        patientProfiles = PatientProfiles(store: registeredPatients, database: parts.database, ledger: parts.ledger)
        let hospitalStore = HospitalStore(database: parts.database)
        let hospitalDoctorStore = HospitalDoctorStore(database: parts.database)
        let departmentStore = DepartmentStore(database: parts.database)
        hospitalRegistration = HospitalRegistration(
            registrar: registrar, store: hospitalStore, ledger: parts.ledger, clock: parts.clock)
        hospitals = Hospitals(
            store: hospitalStore, doctors: hospitalDoctorStore, unit: parts.unit, ledger: parts.ledger,
            clock: parts.clock)
        departments = Departments(
            store: departmentStore, hospitals: hospitalStore, appointments: parts.appointments, unit: parts.unit,
            ledger: parts.ledger, clock: parts.clock)
        hospitalDoctors = HospitalDoctors(
            store: hospitalDoctorStore, entries: doctorStore, hospitals: hospitalStore, departments: departmentStore,
            registrar: registrar, appointments: parts.appointments, unit: parts.unit, ledger: parts.ledger,
            clock: parts.clock)
        let patientDirectory = PatientDirectory(database: parts.database, patients: patientStore)
        hospitalPatients = HospitalPatients(
            appointments: parts.appointments, patients: patientDirectory,
            accesses: AccessLog(parts.ledger.audit, parts.database))
        directories = Directories(
            hospitals: hospitalStore, departments: departmentStore, doctors: hospitalDoctorStore,
            patients: patientDirectory,
            registrations: RegistrationStore(database: parts.database), registeredPatients: registeredPatients,
            records: patientStore, providers: providerStore)
        reaction = OnIdentityEvent(
            providers: providerStore, patients: registeredPatients, hospitals: hospitalStore,
            hospitalDoctors: hospitalDoctorStore, clock: parts.clock)
        handler = EventHandler(
            consumer: ServiceName.registry.rawValue, database: parts.database,
            hears: { OnIdentityEvent.copied.contains($0) },
            effect: { [reaction] in try await reaction.react($0, in: $1) })
        handedEvents = HandedEvents(handler: handler, of: .identity)
    }
}

extension Composition {
    /// Registry in a process of its own.
    package static func service(_ dependencies: ServiceDependencies) async throws -> ComposedService {
        let composition = try await Composition(
            Dependencies(
                database: dependencies.database, unit: dependencies.unit, ledger: dependencies.ledger,
                clock: dependencies.clock, sealer: dependencies.sealer,
                accounts: IdentityAccounts(dependencies.calls),
                appointments: SchedulingAppointments(dependencies.calls)))
        let consumer = dependencies.consumer(of: [.identity], composition.handler)
        // Hourly, for what processes of the last release wrote meanwhile.
        let searchTokens = PeriodicJob(
            "renew search tokens", every: .seconds(3600),
            leader: .advisoryLock("renew search tokens", of: dependencies.database), metrics: dependencies.metrics,
            draining: composition.searchTokens.run)
        // Every process does it for the tenants that it wrote for, when it is woken.
        let indexTokens = PeriodicJob(
            "index search tokens", every: .seconds(60), wake: composition.indexTokens.wakeSignal,
            metrics: dependencies.metrics, draining: composition.indexTokens.run)
        let sealProviders = PeriodicJob(
            "seal providers", every: .seconds(3600),
            leader: .advisoryLock("seal providers", of: dependencies.database), metrics: dependencies.metrics,
            draining: composition.sealProviders.run)
        return ComposedService(
            routes: composition.routes, services: [consumer, searchTokens, indexTokens, sealProviders])
    }
}
