import API
import Chassis
import Crypto
import Kernel
import Postgres
import Registry
import RegistryDomain
import TestSupport
import Testing

/// Rows as the last release left them, carried over.
@Suite struct TenantMigrationTests {
    private let owner = Fixture.caller(1)
    private let patient = ID<Patient>(high: 0x190_a5e4_0000_7000, low: 3)

    /// Plain SQL of the release before tenants, in the owner's name.
    private func keepOldRows(in database: Database, _ sealer: Sealer) async throws {
        let (key, wrapped) = try sealer.makeKey(for: "registry.account/\(owner.account)")
        let sealed = try key.seal(
            #"{"first_name":"Jane","last_name":"Smith"}"#,
            authenticating: AssociatedData(table: "patient", row: patient.description, column: "sealed", version: 1))
        let (doctor, mapping) = (ID<Doctor>(high: 5, low: 5), ID<Mapping>(high: 6, low: 6))
        try await database.transaction(as: Scope(account: owner.account.description, role: "staff")) { tx in
            for statement in [
                """
                insert into data_key (owner_id, wrapped, kek_version, created_at)
                values (\(owner.account), \(wrapped), 1, now())
                """,
                """
                insert into patient (patient_id, owner_id, sealed, grams, version, created_at, updated_at)
                values (\(patient), \(owner.account), \(sealed), \([] as [Int64]), 1, now(), now())
                """,
                """
                insert into doctor (doctor_id, created_by, first_name, last_name, specialization, is_available, version,
                    created_at, updated_at)
                values (\(doctor), \(owner.account), 'E', 'C', 'other', true, 1, now(), now())
                """,
                """
                insert into mapping (mapping_id, patient_id, owner_id, doctor_id, is_primary, assigned_at)
                values (\(mapping), \(patient), \(owner.account), \(doctor), true, now())
                """,
            ] as [SQL] { try await tx.run(statement) }
        }
    }

    @Test func `what an account kept is its tenant's afterwards, and still opens`() async throws {
        let role = "praxis_registry_test"
        try await withDatabase(schema: "registry", role: role) { database, home, _ in
            let settings = home.settings(schema: "registry", role: role)
            _ = try await Migrator(settings, ChassisSchema.migrations, ledger: ChassisSchema.ledger).migrate()
            _ = try await Migrator(settings, Array(Schema.migrations.prefix(5))).migrate()
            let sealer = try Fixture.sealer()
            try await keepOldRows(in: database, sealer)
            _ = try await Migrator(settings, Schema.migrations).migrate()

            for table in ["patient", "mapping", "data_key"] as [SQL] {
                let tenants = try await database.read(Column<ID<Tenant>>("tenant_id"), as: Scope(owner)) {
                    "select \($0) from \(sql: table)"
                }
                #expect(tenants == [owner.tenant])
                let seen = try await database.read(Column<Int>("1"), as: Scope(Fixture.caller(2))) {
                    "select \($0) from \(sql: table)"
                }
                #expect(seen.isEmpty)
            }
            let vault = try await Vault.open(database, sealer: sealer)
            let patients = PatientStore(database: database, vault: vault)
            let found = try await patients.find(patient, for: owner)
            #expect(try await patients.placesOfOlderRule(atMost: 9).map(\.patient) == [patient])
            #expect(found?.details.fullName == "Jane Smith" && found?.tenant == owner.tenant)
            #expect(try await patients.list(.init(), for: owner).total == 1)
            #expect(try await MappingStore(database: database, vault: vault).all(of: patient, for: owner).count == 1)
        }
    }

    @Test func `a process of the last release, which names no tenant, keeps working meanwhile`() async throws {
        try await withRegistry { f in
            try await keepOldRows(in: f.database, try Fixture.sealer())
            let old = Scope(account: owner.account.description, role: "staff")
            let seen = try await f.database.read(Column<Int>("1"), as: old) { "select \($0) from patient" }
            #expect(seen.count == 1)
            #expect(try await f.patients.find(patient, for: owner)?.tenant == owner.tenant)
        }
    }
}
