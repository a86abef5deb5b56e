package import Chassis
package import Crypto
import Events
import Jobs
package import Kernel
package import Net
package import Postgres
package import RecordsDomain
package import Redis
import Sealing
import Settings

/// Where records's parts are made and joined.
package struct Composition: Sendable {
    package let recommendations: Recommendations
    package let prescriptions: PrescriptionHandlers
    /// Who may do what with a patient's records.
    package let access: RecordAccess
    /// The keys under which patients' rows and files are sealed.
    package let patientKeys: PatientKeys
    package let codes: AccessCodes
    package let grants: Grants
    package let breakGlass: BreakGlass
    package let accessRows: AccessRows
    package let health: Health
    package let reaction: OnRegistryEvent
    package let files: FileParts
    package let rotation: PatientKeyRotation
    let unreadable: UnreadableRows

    /// What records stands on; in a test without a process around it.
    package struct Dependencies: Sendable {
        let database: Database
        let unit: UnitOfWork
        let ledger: Ledger
        let clock: any WallClock
        /// Wraps the data keys of accounts.
        let sealer: Sealer
        let directory: any PatientDirectory
        let appointments: any AppointmentSource
        let factors: any FactorSource
        let prescribing: any PrescribingSource
        /// Draws documents.
        let printing: BlockingPool
        /// Nil keeps no answers for others who ask the same.
        let redis: RedisClient?
        let loop: EventLoop

        package init(
            database: Database, unit: UnitOfWork, ledger: Ledger, clock: any WallClock, sealer: Sealer,
            directory: any PatientDirectory, appointments: any AppointmentSource, factors: any FactorSource,
            prescribing: any PrescribingSource, printing: BlockingPool, redis: RedisClient?, loop: EventLoop
        ) {
            self.database = database
            self.unit = unit
            self.ledger = ledger
            self.clock = clock
            self.sealer = sealer
            self.directory = directory
            self.appointments = appointments
            self.factors = factors
            self.prescribing = prescribing
            self.printing = printing
            self.redis = redis
            self.loop = loop
        }
    }

    /// Opens the service's keys, and makes those that are not there yet.
    package init(_ parts: Dependencies, _ settings: RecordsSettings) async throws {
        let keys = try await ServiceKeys.open(parts.database, sealer: parts.sealer, purpose: "records")
        patientKeys = PatientKeys(database: parts.database, sealer: parts.sealer)
        let grantStore = GrantStore(database: parts.database)
        let log = PatientAccessLog(database: parts.database)
        access = RecordAccess(
            keys: patientKeys, grants: grantStore, log: log, directory: parts.directory,
            appointments: parts.appointments, clock: parts.clock)
        let writing = GrantWriting(keys: patientKeys, directory: parts.directory)
        codes = AccessCodes(
            codes: AccessCodeStore(database: parts.database, key: keys.secret),
            tally: AccessCodeTally(rules: settings.codes), rules: settings.codes, grants: grantStore,
            keys: patientKeys, directory: parts.directory, entries: access.entries,
            phones: keys.index(of: "records.access_code.phone"), database: parts.database, unit: parts.unit,
            ledger: parts.ledger, clock: parts.clock)
        grants = Grants(
            access: access, store: grantStore, keys: patientKeys, writing: writing, unit: parts.unit,
            ledger: parts.ledger, clock: parts.clock)
        breakGlass = BreakGlass(
            access: access, grants: grantStore, keys: patientKeys, factors: parts.factors,
            requiresFactor: settings.breakGlassNeedsFactor, unit: parts.unit, ledger: parts.ledger,
            clock: parts.clock)
        accessRows = AccessRows(access: access, log: log, keys: patientKeys, writing: writing)
        health = Health(
            access: access, store: PatientHealthStore(database: parts.database, keys: patientKeys),
            keys: patientKeys, unit: parts.unit, ledger: parts.ledger, clock: parts.clock)
        files = FileParts(parts, access, patientKeys, settings.files)
        let advice = AdviceStore(
            database: parts.database, accounts: DataKeys(of: "records.account", sealer: parts.sealer))
        reaction = OnRegistryEvent(
            keys: patientKeys, grants: grantStore, advice: advice, ledger: parts.ledger, clock: parts.clock)
        rotation = PatientKeyRotation(database: parts.database, keys: patientKeys, clock: parts.clock)
        unreadable = UnreadableRows(database: parts.database, ledger: parts.ledger)
        let cache = parts.redis.map { AdviceCache($0, keys) }
        let answers = settings.model.map { endpoint in
            ModelAnswers(HTTPModel(endpoint, clock: parts.clock), cache: cache, loop: parts.loop)
        }
        let table = try settings.medicines ?? .embedded()
        recommendations = Recommendations(
            adviser: Adviser(table: table, keys: keys, answers: answers),
            store: advice, access: access,
            known: KnownHealthReader(
                prescribing: parts.prescribing,
                records: PatientHealthStore(database: parts.database, keys: patientKeys)),
            unit: parts.unit, ledger: parts.ledger, clock: parts.clock)
        prescriptions = PrescriptionHandlers(parts, table: table, access: access, keys: patientKeys, files: files)
    }
}

extension Composition {
    /// Records in a process of its own.
    package static func service(_ dependencies: ServiceDependencies) async throws -> ComposedService {
        var reader = SettingsReader(dependencies.environment)
        let composition = try await Composition(
            Dependencies(
                database: dependencies.database, unit: dependencies.unit, ledger: dependencies.ledger,
                clock: dependencies.clock, sealer: dependencies.sealer,
                directory: RegistryDirectory(dependencies.calls),
                appointments: SchedulingAppointments(dependencies.calls),
                factors: IdentityFactors(dependencies.calls), prescribing: PrescribingCalls(dependencies.calls),
                printing: BlockingPool(name: "documents", threads: 2, queue: 32), redis: dependencies.redis,
                loop: dependencies.group.any()),
            try RecordsSettings(&reader))
        let forget = PeriodicJob(
            "forget access codes", every: .seconds(600), leader: .advisoryLock("codes", of: dependencies.database),
            metrics: dependencies.metrics,
            work: { try await composition.codes.codes.forget(before: dependencies.clock.now) })
        let sweep = PeriodicJob(
            "sweep files", every: .seconds(60), leader: .advisoryLock("sweep files", of: dependencies.database),
            metrics: dependencies.metrics, work: { try await composition.files.sweeper.sweep() })
        let rotations = PeriodicJob(
            "finish rotations of patients' keys", every: .seconds(600),
            leader: .advisoryLock("patient keys", of: dependencies.database), metrics: dependencies.metrics,
            work: { try await composition.rotation.finishAll() })
        let consumer = dependencies.consumer(
            of: [.registry], hears: { OnRegistryEvent.heard.contains($0) },
            react: { try await composition.reaction.react($0, in: $1) })
        return ComposedService(routes: composition.routes, services: [forget, sweep, rotations, consumer])
    }
}

extension MedicineTable {
    /// The table that comes with the service.
    package static func embedded() throws(TableFaults) -> MedicineTable {
        try MedicineTable(String(decoding: PackageResources.medicines_txt, as: UTF8.self))
    }
}
