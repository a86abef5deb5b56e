import API
import Chassis
import Forms
import Kernel
import Postgres
import Records
import RecordsDomain
import TestSupport
import Testing

/// What the lists of a patient, a doctor and a hospital cost beside those of others, whose rows are all newer.
struct SmallOwnerTests {
    @Test func `no list of a patient, a doctor or a hospital reads the rows of others`() async throws {
        try await withWorld { world in
            let small = Owner(world.ada, world.adasRecord, world.emily, world.hospital)
            let large = Owner(world.eve, world.evesRecord, world.raj, World.caller(41, .hospital, at: 200))
            world.home.script("set search_path to records, public;" + small.rows(1...30, from: "01000000"))
            let read = ReadRows(world.database, world.home, schema: "records")
            let lists = prescriptions(world, small) + (try others(world, small))
            let exceeding = try await read.exceeding(600, beside: { large.rows($0, from: "0f000000") }, lists: lists)
            #expect(exceeding == [])
        }
    }

    private let pages = [
        (name: "", page: PageRequest()), (name: " by cursor", page: PageRequest(position: .after(nil))),
        (
            name: " further",
            page: PageRequest(position: .after(Cursor(id: ID<Prescription>(high: 0x0100_0000_0000_7000, low: 20)).text))
        ),
    ]

    private func prescriptions(_ world: World, _ small: Owner) -> [ReadRows.Ask] {
        let store = PrescriptionStore(database: world.database, keys: world.patientKeys)
        let lists: [(String, PrescriptionStore.Owner, ID<Patient>?, Caller)] = [
            ("a patient's prescriptions", .patient(small.patient.account), nil, small.patient),
            ("a doctor's prescriptions", .author(small.doctor.account), nil, small.doctor),
            ("a hospital's prescriptions", .hospital(small.hospital.tenant.retyped()), nil, small.hospital),
            ("a hospital's of a patient", .hospital(small.hospital.tenant.retyped()), small.record, small.hospital),
            ("prescriptions of a patient", .anybody, small.record, small.patient),
        ]
        var asks: [ReadRows.Ask] = []
        for (name, owner, record, caller) in lists {
            for (suffix, page) in pages {
                asks.append(
                    (name + suffix, { _ = try await store.list(owner, of: record, page, as: Scope(caller)) }))
            }
        }
        return asks
    }

    private func others(_ world: World, _ small: Owner) throws -> [ReadRows.Ask] {
        let reports = ReportStore(database: world.database, keys: world.patientKeys)
        let grants = GrantStore(database: world.database)
        let log = PatientAccessLog(database: world.database)
        let reviews = try GrantReviewsQuery(Source(query: [], now: world.clock.now))
        let wanted: [(String, ReportStore.Wanted, Caller)] = [
            ("own reports", .own(small.patient.account), small.patient),
            ("reports of a patient", .patient(small.record), small.patient),
            (
                "reports of a visit", .visit(ID(high: 1, low: 1), of: small.record, doctor: small.doctor.account),
                small.doctor
            ),
        ]
        var asks: [ReadRows.Ask] = [
            ("grants to review", { _ = try await grants.brokenGlass(reviews, for: small.hospital) })
        ]
        for (suffix, page) in pages {
            for (name, wanted, caller) in wanted {
                asks.append((name + suffix, { _ = try await reports.list(wanted, nil, page, for: caller) }))
            }
            asks.append(("grants" + suffix, { _ = try await grants.list(of: small.record, page, for: small.patient) }))
            asks.append(("log" + suffix, { _ = try await log.list(of: small.record, page, for: small.patient) }))
        }
        return asks
    }

    /// Whom rows belong to. The patient's key is gone, so that no row is opened.
    private struct Owner: Sendable {
        let patient: Caller
        let record: ID<Patient>
        let doctor: Caller
        let hospital: Caller

        init(_ patient: Caller, _ record: ID<Patient>, _ doctor: Caller, _ hospital: Caller) {
            self.patient = patient
            self.record = record
            self.doctor = doctor
            self.hospital = hospital
        }

        /// A row of each number in each table; their ids begin with these eight digits.
        func rows(_ numbers: ClosedRange<Int>, from beginning: String) -> String {
            """
            insert into patient_key (patient_id, key_version, account_id, kek_version, created_at)
            values ('\(record)', 1, '\(patient.account)', 1, now()) on conflict do nothing;
            create temp table crowd as select n, ('\(beginning)-0000-7000-0000-' || lpad(to_hex(n), 12, '0'))::uuid as id,
                timestamptz '2025-01-01' + n * interval '1 minute' as at from generate_series(\(numbers.lowerBound), \(numbers.upperBound)) n;
            insert into prescription (prescription_id, version, patient_id, patient_account_id, doctor_account_id, hospital_id, sealed,
                key_version, overridden, created_at)
            select id, 1, '\(record)', '\(patient.account)', '\(doctor.account)', '\(hospital.tenant)', '\\x00', 1, false, at from crowd;
            insert into stored_file (file_id, patient_id, uploaded_by, wrapped, key_version, kind, plain_size, stored_at, store)
            select id, '\(record)', '\(patient.account)', '\\x00', 1, 'pdf', 1, at, 'local' from crowd;
            insert into report (report_id, patient_id, patient_account, uploaded_by, uploader_role, report_type, sealed, key_version,
                file_id, created_at)
            select id, '\(record)', '\(patient.account)', '\(patient.account)', 'patient', 'other', '\\x00', 1, id, at from crowd;
            insert into access_grant (grant_id, patient_id, patient_account, doctor_account, hospital_id, way, granted_at, expires_at)
            select id, '\(record)', '\(patient.account)', '\(doctor.account)', '\(hospital.tenant)', 'break_glass', at, at from crowd;
            insert into access_row (access_id, patient_id, patient_account, actor_account, actor_role, action, what, at)
            select id, '\(record)', '\(patient.account)', '\(doctor.account)', 'doctor', 'read', 'reports', at from crowd;
            """
        }
    }
}
