import API
import Forms
import Kernel
import Postgres
import Registry
import RegistryDomain
import TestSupport
import Testing

/// What the lists of a small tenant cost beside a large one, whose rows are all newer.
@Suite struct SmallTenantTests {
    @Test func `no list of a small tenant reads the rows of a large one`() async throws {
        try await withRegistry { f in
            let hospital = Caller(
                account: ID(high: 0xA, low: 9), role: .hospital, tenant: ID(high: 0xD, low: 1),
                session: ID(high: 0xB, low: 9))
            let (patient, doctor) = try await fill(f)
            f.home.script(Self.hospitals)
            let lists = lists(f, patient: patient, doctor: doctor) + (try hospitalLists(f, of: hospital))
            let read = ReadRows(f.database, f.home, schema: "registry")
            let exceeding = try await read.exceeding(
                600, beside: { Self.large($0, doctor, of: f.bob) }, lists: lists)
            #expect(exceeding == [])
        }
    }

    /// Forty patients of Alice's, each with one doctor.
    private func fill(_ f: Fixture) async throws -> (patient: ID<Patient>, doctor: ID<Doctor>) {
        let doctor = try await f.add(DoctorDetails(firstName: "D", lastName: "X", specialization: .other), by: f.admin)
        var patient: PatientRecord?
        for number in 0..<40 {
            let added = try await f.add(.named("Jane", "Smith", gender: .female), by: f.alice, after: Int64(number))
            try await f.assign(doctor, to: added, primary: true)
            patient = added
        }
        return (try #require(patient).id, doctor.id)
    }

    private func lists(_ f: Fixture, patient: ID<Patient>, doctor: ID<Doctor>) -> [ReadRows.Ask] {
        func patients(_ name: String, _ query: PatientsQuery) -> ReadRows.Ask {
            (name, { _ = try await f.patients.list(query, for: f.alice) })
        }
        func mappings(_ name: String, _ query: MappingsQuery) -> ReadRows.Ask {
            (name, { _ = try await f.mappings.list(query, for: f.alice) })
        }
        let first = PageRequest(position: .after(nil))
        let next = PageRequest(position: .after(Cursor(id: patient).text))
        return [
            patients("patients", .init()), patients("patients by cursor", .init(page: first)),
            patients("further patients", .init(page: next)), patients("patients by gender", .init(gender: .female)),
            patients("patients of no gender", .init(gender: .other)),
            patients("search by two letters", .init(search: "sm")),
            patients("search by a word", .init(search: "smith")),
            patients("search by a word and gender", .init(search: "smith", gender: .female)),
            patients("search by a word by cursor", .init(search: "smith", page: first)),
            patients("further ones found", .init(search: "smith", page: next)),
            ("one patient", { _ = try await f.patients.find(patient, for: f.alice) }),
            mappings("mappings", .init()), mappings("mappings by cursor", .init(page: first)),
            mappings("further mappings", .init(page: PageRequest(position: .after(Cursor(id: patient).text)))),
            mappings("mappings of a doctor", .init(doctor: doctor)),
            mappings("mappings of a patient", .init(patient: patient)),
            mappings("primary mappings", .init(isPrimary: true)), mappings("other mappings", .init(isPrimary: false)),
            ("a patient's doctors", { _ = try await f.mappings.all(of: patient, for: f.alice) }),
        ]
    }

    private func hospitalLists(_ f: Fixture, of hospital: Caller) throws -> [ReadRows.Ask] {
        let store = HospitalDoctorStore(database: f.database)
        let departments = DepartmentStore(database: f.database)
        func doctors(_ name: String, _ parameters: [(name: String, value: String)]) throws -> ReadRows.Ask {
            let query = try HospitalDoctorsQuery(Source(query: parameters, now: f.now))
            return (name, { _ = try await store.list(query, for: hospital) })
        }
        return [
            try doctors("doctors of a hospital", []), try doctors("by cursor", [("cursor", "")]),
            try doctors("active doctors", [("is_active", "true")]),
            try doctors("doctors let go", [("is_active", "false")]),
            try doctors("doctors of a department", [("department_id", "00000000-0000-000e-0000-000000000001")]),
            ("departments", { _ = try await departments.list(of: hospital.tenant.retyped(), PageRequest()) }),
        ]
    }

    /// Two hospitals; one has its 30 doctors.
    private static let hospitals = """
        set search_path to registry, public;
        insert into hospital (hospital_id, account_id, name, email, email_key, phone_number, license_number, address, city, state,
            country, latitude, longitude, timezone, prescribing_policy, status, version, created_at, updated_at)
        select ('00000000-0000-000d-0000-00000000000' || n)::uuid, gen_random_uuid(), 'H' || n, 'h' || n, 'h' || n, '1', 'H-' || n,
            'a', 'Oslo', 's', 'NO', 1, 1, 'UTC', 'warn', 'approved', 1, now(), now() from generate_series(1, 2) n;
        insert into department (department_id, hospital_id, name, version, created_at, updated_at)
        select ('00000000-0000-000e-0000-00000000000' || n)::uuid, ('00000000-0000-000d-0000-00000000000' || n)::uuid, 'D', 1,
            now(), now() from generate_series(1, 2) n;
        \(doctors(1...30, of: 1, named: "Zed"))
        """

    private static func doctors(_ numbers: ClosedRange<Int>, of hospital: Int, named first: String) -> String {
        """
        insert into doctor (doctor_id, created_by, first_name, last_name, specialization, is_available, hospital_id, department_id,
            account_id, username, version, created_at, updated_at)
        select gen_random_uuid(), gen_random_uuid(), '\(first)', 'Smith', 'other', true,
            '00000000-0000-000d-0000-00000000000\(hospital)', '00000000-0000-000e-0000-00000000000\(hospital)',
            gen_random_uuid(), 'u' || n, 1, now(), now()
        from generate_series(\(numbers.lowerBound), \(numbers.upperBound)) n;
        """
    }

    private static func large(_ numbers: ClosedRange<Int>, _ doctor: ID<Doctor>, of bob: Caller) -> String {
        """
        insert into data_key (owner_id, tenant_id, wrapped, kek_version, created_at)
        values ('\(bob.account)', '\(bob.tenant)', '\\x00', 1, now()) on conflict do nothing;
        create temp table crowd as
        select ('0f000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id
        from generate_series(\(numbers.lowerBound), \(numbers.upperBound)) n;
        insert into patient (patient_id, owner_id, tenant_id, gender, sealed, grams, version, created_at, updated_at)
        select id, '\(bob.account)', '\(bob.tenant)', 'M', decode(repeat('00', 300), 'hex'), '{4}', 1, now(), now() from crowd;
        insert into patient_search (patient_id, tenant_id, tokens, is_indexed)
        select id, '\(bob.tenant)', array(select (random() * 4e9 - 2e9)::bigint::integer from generate_series(1, 20) where id is not null),
            true
        from crowd;
        insert into mapping (mapping_id, patient_id, owner_id, tenant_id, doctor_id, is_primary, assigned_at)
        select id, id, '\(bob.account)', '\(bob.tenant)', '\(doctor)', true, now() from crowd;
        \(doctors(numbers, of: 2, named: "Ann"))
        """
    }
}
