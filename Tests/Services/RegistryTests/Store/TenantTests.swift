import API
import Kernel
import Postgres
import Registry
import RegistryDomain
import Testing

/// Two hospitals, one of them with a doctor's account beside its own, and two staff accounts: told apart by the
/// database alone. Nothing here is asked through a store, so nothing here has a store's filter.
@Suite struct TenantTests {
    private struct Tenants: Sendable {
        let hospital = tenant(1, .hospital, of: 100)
        let doctor = tenant(2, .doctor, of: 100)
        let otherHospital = tenant(3, .hospital, of: 200)
        let staff = tenant(4, .staff, of: nil)
        let otherStaff = tenant(5, .staff, of: nil)

        /// One of each tenant, with a patient of its own.
        var keepers: [Caller] { [hospital, otherHospital, staff, otherStaff] }

        private static func tenant(_ number: UInt64, _ role: Role, of hospital: UInt64?) -> Caller {
            Caller(
                account: ID(high: 0xC, low: number), role: role, tenant: hospital.map { ID(high: 0xD, low: $0) },
                session: ID(high: 0xE, low: number))
        }
    }

    private func with(_ body: @escaping @Sendable (Fixture, Tenants, [Caller: PatientRecord]) async throws -> Void)
        async throws
    {
        try await withRegistry { f in
            let tenants = Tenants()
            var records: [Caller: PatientRecord] = [:]
            let doctor = try await f.add(
                DoctorDetails(firstName: "E", lastName: "C", specialization: .other), by: f.admin)
            for (number, keeper) in tenants.keepers.enumerated() {
                let record = try await f.add(.named("Jane", "Smith"), by: keeper, after: Int64(number))
                try await f.assign(doctor, to: record, notes: "daily")
                records[keeper] = record
            }
            try await body(f, tenants, records)
        }
    }

    private static let tables: [SQL] = ["patient", "mapping", "data_key"]

    @Test func `each tenant is shown its own rows alone, by whichever of its accounts`() async throws {
        try await with { f, tenants, _ in
            for caller in tenants.keepers + [tenants.doctor] {
                for table in Self.tables {
                    let rows = try await f.database.read(Column<ID<Tenant>>("tenant_id"), as: f.scope(caller)) {
                        "select \($0) from \(sql: table)"
                    }
                    #expect(rows == [caller.tenant])
                }
            }
            for table in Self.tables {
                for scope in [f.scope(f.admin), nil] {
                    let seen = try await f.database.read(Column<Int>("1"), as: scope) {
                        "select \($0) from \(sql: table)"
                    }
                    #expect(seen.isEmpty)
                }
            }
        }
    }

    @Test func `no tenant changes or removes another's rows, nor puts rows of its own among them`() async throws {
        try await with { f, tenants, records in
            let (mine, other) = (tenants.hospital, tenants.otherHospital)
            let record = try #require(records[other])
            for change in [
                "update patient set version = 9 where patient_id = \(record.id)",
                "update mapping set is_primary = true where patient_id = \(record.id)",
                "update data_key set kek_version = 9 where owner_id = \(other.account)",
                "delete from mapping where patient_id = \(record.id)",
                "delete from patient where patient_id = \(record.id)",
            ] as [SQL] {
                #expect(try await f.database.run(change, as: f.scope(mine)).affected == 0)
                #expect(try await f.database.run(change, as: f.scope(f.admin)).affected == 0)
            }
            #expect(try await f.database.run("update patient set gender = 'N'", as: f.scope(mine)).affected == 1)
            for theft in [
                "update patient set tenant_id = \(other.tenant)",
                """
                insert into data_key (owner_id, tenant_id, wrapped, kek_version, created_at)
                values (\(ID<Account>(high: 7, low: 7)), \(other.tenant), \([1] as [UInt8]), 1, now())
                """,
            ] as [SQL] {
                let refusal = await #expect(throws: DatabaseError.self) {
                    try await f.database.run(theft, as: f.scope(mine))
                }
                #expect(refusal?.sqlState == "42501")
            }
        }
    }

    @Test func `a hospital's doctor finds, opens and changes what its front desk keeps`() async throws {
        try await with { f, tenants, records in
            let record = try #require(records[tenants.hospital])
            #expect(try await f.patients.find(record.id, for: tenants.doctor) == record)
            #expect(try await f.patients.list(PatientsQuery(search: "jane"), for: tenants.doctor).total == 1)
            let later = try #require(record.changed(to: .named("Joan", "Smith"), at: f.now + .seconds(9)))
            try await f.database.transaction(as: f.scope(tenants.doctor)) { tx in
                let locked = try #require(try await f.patients.lock(record.id, for: tenants.doctor, in: tx))
                try await f.patients.update(locked, to: later, in: tx)
            }
            #expect(try await f.patients.find(record.id, for: tenants.hospital) == later)
            #expect(try await f.mappings.all(of: record.id, for: tenants.doctor).map(\.mapping.notes) == ["daily"])
            #expect(try await f.patients.find(record.id, for: tenants.otherHospital) == nil)
        }
    }

    @Test func `policies and lists of a tenant use its index, and a data key is found by its own`() async throws {
        try await with { f, tenants, _ in
            func plan(_ column: SQL, _ rest: SQL) async throws -> String {
                try await f.database.transaction(as: f.scope(tenants.staff)) { tx in
                    // A table of four rows is read whole whatever its indexes are.
                    try await tx.run("set local enable_seqscan = off")
                    try await tx.run("set local enable_bitmapscan = off")
                    return try await tx.run(Column<String>(column)) {
                        "explain (costs off) select \($0) \(sql: rest)"
                    }.joined(separator: "\n")
                }
            }
            let patients = try await plan("patient_id", "from patient order by patient_id desc limit 20")
            #expect(patients.contains("Backward using patient_pkey") && patients.contains("tenant_id = $0"))
            let mappings = try await plan("mapping_id", "from mapping order by mapping_id desc limit 20")
            #expect(mappings.contains("Backward using mapping_pkey") && mappings.contains("tenant_id = $0"))
            let one = ID<Account>(high: 0xC, low: 4)
            let key = try await plan("wrapped", "from data_key where owner_id = \(one)")
            #expect(key.contains("using data_key_pkey"))
        }
    }
}
