import API
import Chassis
import Crypto
import Kernel
import Net
import Postgres
import RegistryDomain
import TestSupport

@testable import Registry

/// Registry's stores over a database of the test's own.
struct Fixture: Sendable {
    let database: Database
    let home: TestDatabase
    let vault: Vault
    let patients: PatientStore
    let doctors: DoctorStore
    let mappings: MappingStore

    let now = Instant(seconds: 1_750_000_000)
    let alice = Fixture.caller(1)
    let bob = Fixture.caller(2)
    let admin = Fixture.caller(3, .admin)

    static func caller(_ number: UInt64, _ role: Role = .staff) -> Caller {
        Caller(account: ID(high: 0xA, low: number), role: role, session: ID(high: 0xB, low: number))
    }

    static func sealer() throws -> Sealer {
        Sealer(master: try MasterKey(version: 1, secret: Secret(Hex.encode([UInt8](repeating: 7, count: 32)))))
    }

    @discardableResult
    func add(_ details: PatientDetails, by caller: Caller, after seconds: Int64 = 0) async throws -> PatientRecord {
        let time = now + .seconds(seconds)
        let record = PatientRecord.made(details, by: caller.account, of: caller.tenant, as: .make(at: time), at: time)
        try await database.transaction(as: scope(caller)) { tx in try await patients.insert(record, in: tx) }
        return record
    }

    @discardableResult
    func add(_ details: DoctorDetails, by caller: Caller, after seconds: Int64 = 0) async throws -> DoctorEntry {
        let time = now + .seconds(seconds)
        let entry = DoctorEntry(
            id: .make(at: time), creator: caller.account, details: details, createdAt: time, updatedAt: time)
        try await database.transaction(as: scope(caller)) { tx in try await doctors.insert(entry, in: tx) }
        return entry
    }

    @discardableResult
    func assign(
        _ doctor: DoctorEntry, to patient: PatientRecord, primary: Bool = false, notes: String? = nil
    ) async throws -> CareMapping {
        let mapping = CareMapping(
            id: .make(at: now), patient: patient.id, owner: patient.owner, tenant: patient.tenant, doctor: doctor.id,
            isPrimary: primary, notes: notes, assignedAt: now)
        let caller = Caller(account: patient.owner, role: .staff, tenant: patient.tenant, session: ID(high: 0, low: 0))
        try await database.transaction(as: scope(caller)) { tx in
            guard let locked = try await patients.lock(patient.id, for: caller, in: tx) else { throw Problem.notFound }
            try await mappings.insert(mapping, to: locked, in: tx)
        }
        return mapping
    }

    func scope(_ caller: Caller) -> Scope { Scope(caller) }
    static func scope(of caller: Caller) -> Scope { Scope(caller) }
}

func withRegistry(transactions: Int = 5, _ body: @escaping @Sendable (Fixture) async throws -> Void) async throws {
    try await withDatabase(schema: "registry", role: "praxis_registry_test", transactions: transactions) {
        database, home, _ in
        let settings = home.settings(schema: "registry", role: "praxis_registry_test")
        _ = try await Migrator(settings, ChassisSchema.migrations, ledger: ChassisSchema.ledger).migrate()
        _ = try await Migrator(settings, Schema.migrations).migrate()
        let vault = try await Vault.open(database, sealer: Fixture.sealer())
        try await body(
            Fixture(
                database: database, home: home, vault: vault,
                patients: PatientStore(database: database, vault: vault), doctors: DoctorStore(database: database),
                mappings: MappingStore(database: database, vault: vault)))
    }
}

extension PatientStore {
    func list(_ query: PatientsQuery, for caller: Caller) async throws -> Page<PatientRecord> {
        try await list(query, for: caller, as: record)
    }
}

extension PatientDetails {
    static func named(_ first: String, _ last: String, email: String? = nil, gender: Gender? = nil) -> PatientDetails {
        var details = PatientDetails(firstName: first, lastName: last)
        details.email = email.flatMap(Email.init)
        details.gender = gender
        return details
    }

    /// Every field filled with a word that stands nowhere else.
    static let canary: PatientDetails = {
        var details = PatientDetails(firstName: "Canaryfirst", lastName: "Canarylast")
        details.email = Email("canarymail@example.com")
        details.phone = "+15550199"
        details.dateOfBirth = CalendarDate("1985-06-15")
        details.gender = .female
        details.bloodGroup = .abNegative
        details.allergies = "Canaryallergy"
        details.medicalHistory = .entries(["Canaryhistory", "Canaryillness"])
        details.emergencyContactRelationship = "Canaryspouse"
        details.insuranceProvider = "Canaryinsurer"
        details.insurancePolicyNumber = "Canarypolicy"
        details.zip = "Canaryzip"
        details.currentMedications = "Canarymedication"
        details.emergencyContactName = "Canarycontact"
        details.emergencyContactPhone = "555-0142"
        details.address = "Canarystreet 1"
        details.city = "Canarycity"
        details.state = "Canarystate"
        details.country = "Canarycountry"
        return details
    }()
}
