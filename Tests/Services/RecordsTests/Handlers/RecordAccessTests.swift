import API
import Chassis
import JSON
import Kernel
import Postgres
import Records
import RecordsDomain
import TestSupport
import Testing
import Web

struct RecordAccessTests {
    @Test func `a patient opens their own records, and another's are not there`() async throws {
        try await withWorld { world async throws in
            #expect(try await world.open(.readReports, world.adasRecord, as: world.ada).basis == .own)
            #expect(await world.refusal(.readReports, world.evesRecord, as: world.ada) == .notFound)
            #expect(await world.refusal(.readReports, world.noRecord, as: world.ada) == .notFound)
            #expect(try await world.rows(of: world.adasRecord).isEmpty)
            #expect(try await world.rows(of: world.evesRecord) == ["reports_read refused"])
        }
    }

    @Test func `a doctor without a right hears the same of patients that exist and that do not`() async throws {
        try await withWorld { world async throws in
            for patient in [world.adasRecord, world.noRecord] {
                let refused = await world.problem(.readReports, patient, as: world.emily)
                #expect(refused == .accessRequired([.otp, .breakGlass]))
            }
            #expect(try await world.rows(of: world.adasRecord) == ["reports_read refused"])
            #expect(try await world.rows(of: world.noRecord).isEmpty)
        }
    }

    @Test func `a refused try for a document leaves its row, and one for what is not there leaves none`()
        async throws
    {
        try await withWorld { world async throws in
            let report = try #require(try await world.upload()["id"]?.string)
            let prescription = try await world.prescribe().id
            let tries: [(String, Caller, String)] = [
                ("getReport", world.eve, report), ("downloadReport", world.raj, report),
                ("deleteReport", world.hospital, report), ("getPrescription", world.eve, prescription),
                ("getPrescriptionDocument", world.otherHospital, prescription),
                ("getPrescription", world.raj, prescription),
            ]
            for (endpoint, caller, id) in tries {
                for id in [id, id, ID<Report>(high: 1, low: 2).description] {
                    #expect(await world.code { try await world.hear(endpoint, as: caller, path: id) } != nil)
                }
            }
            #expect(await world.code { try await world.revise(prescription, 1, as: world.raj) } == .accessRequired)
            #expect(await world.code { try await world.attach(to: prescription, as: world.raj) } == .accessRequired)
            let refused = try await world.rows(of: world.adasRecord).filter { $0.hasSuffix(" refused") }
            #expect(
                refused.sorted() == [
                    "prescription_revised refused", "prescriptions_read refused", "prescriptions_read refused",
                    "prescriptions_read refused", "report_deleted refused", "reports_read refused",
                    "reports_read refused",
                ])
        }
    }

    @Test func `a grant opens until its end or its revocation, by the database's own clock`() async throws {
        try await withWorld { world async throws in
            let grant = try await world.grant(.otp, on: world.adasRecord, to: world.emily)
            let opened = try await world.open(.readReports, world.adasRecord, as: world.emily)
            #expect(opened.basis == .otpGrant && opened.account == world.ada.account && opened.grant?.id == grant)
            #expect(try await world.granted(to: world.emily) == [world.adasRecord])
            #expect(try await world.granted(to: world.raj).isEmpty)
            #expect(await world.refusal(.readReports, world.adasRecord, as: world.raj) == .accessRequired)
            try await world.change(grant, "expires_at = clock_timestamp()")
            #expect(await world.refusal(.readReports, world.adasRecord, as: world.emily) == .accessRequired)
            #expect(try await world.granted(to: world.emily).isEmpty)
            try await world.change(grant, "expires_at = granted_at + interval '30 minutes', revoked_at = now()")
            #expect(await world.refusal(.readReports, world.adasRecord, as: world.emily) == .accessRequired)
            #expect(try await world.granted(to: world.emily).isEmpty)
        }
    }

    @Test func `broken glass reads and lets prescribe, and adds nothing else`() async throws {
        try await withWorld { world async throws in
            try await world.grant(.breakGlass, on: world.adasRecord, to: world.emily)
            for action in [RecordAction.readReports, .readSummary, .readPrescriptions, .readHealth, .prescribe] {
                #expect(try await world.open(action, world.adasRecord, as: world.emily).basis == .breakGlass)
            }
            for action in [RecordAction.uploadReport, .writeHealth] {
                #expect(
                    await world.problem(action, world.adasRecord, as: world.emily) == .accessRequired([.otp]))
            }
        }
    }

    @Test func `a doctor's own current visit opens what belongs to it`() async throws {
        try await withWorld { world async throws in
            let id = world.people.visit(
                world.adasRecord, of: world.ada, with: world.emily, .confirmed, changed: world.clock.now)
            let upload = try await world.open(.uploadReport, world.adasRecord, as: world.emily, by: id)
            #expect(upload.basis == .appointment && upload.appointment?.id == id)
            #expect(try await world.open(.readHealth, world.adasRecord, as: world.emily).basis == .appointment)
            #expect(await world.refusal(.readSummary, world.adasRecord, as: world.emily) == .accessRequired)
            #expect(await world.refusal(.uploadReport, world.adasRecord, as: world.raj, by: id) == .accessRequired)
            #expect(await world.refusal(.uploadReport, world.evesRecord, as: world.emily, by: id) == .accessRequired)
            world.people.visit(
                world.evesRecord, of: world.eve, with: world.emily, .requested, changed: world.clock.now)
            #expect(await world.refusal(.readHealth, world.evesRecord, as: world.emily) == .accessRequired)
        }
    }

    @Test func `administrators read, staff do not`() async throws {
        try await withWorld { world async throws in
            #expect(try await world.open(.readReports, world.adasRecord, as: world.admin).basis == .admin)
            #expect(await world.refusal(.readSummary, world.adasRecord, as: world.admin) == .forbidden)
            #expect(await world.refusal(.readReports, world.noRecord, as: world.admin) == .notFound)
            #expect(await world.refusal(.readReports, world.adasRecord, as: world.staff) == .forbidden)
        }
    }

    @Test func `a reading leaves one row in ten minutes, with its right and the doctor`() async throws {
        try await withWorld { world async throws in
            try await world.grant(.otp, on: world.adasRecord, to: world.emily)
            for _ in 0..<3 { _ = try await world.open(.readReports, world.adasRecord, as: world.emily) }
            #expect(try await world.rows(of: world.adasRecord) == ["reports_read otp_grant"])
            world.clock.pass(.seconds(600))
            _ = try await world.open(.readReports, world.adasRecord, as: world.emily)
            #expect(try await world.rows(of: world.adasRecord).count == 2)
            let doctors = try await world.database.read(Column<ID<Doctor>?>("doctor_id"), as: Scope(world.ada)) {
                "select \($0) from access_row"
            }
            #expect(doctors == [ID(high: 0xD0, low: 5), ID(high: 0xD0, low: 5)])
        }
    }

    @Test func `each change leaves a row, also within ten minutes`() async throws {
        try await withWorld { world async throws in
            _ = try await world.write(["allergies": "Penicillin"], as: world.ada)
            _ = try await world.write(["allergies": "latex"], as: world.ada)
            #expect(try await world.rows(of: world.adasRecord) == ["health_written self", "health_written self"])
        }
    }

    @Test func `access rows are shown to their patient and administrators alone`() async throws {
        try await withWorld { world async throws in
            try await world.grant(.otp, on: world.adasRecord, to: world.emily)
            _ = try await world.open(.readReports, world.adasRecord, as: world.emily)
            for (caller, count) in [
                (world.ada, 1), (world.admin, 1), (world.eve, 0), (world.emily, 0), (world.hospital, 0),
            ] {
                let seen = try await world.database.read(Column<Int>("count(*)"), as: Scope(caller)) {
                    "select \($0) from access_row"
                }
                #expect(seen == [count], "\(caller.role)")
            }
        }
    }
}

extension World {
    func open(
        _ action: RecordAction, _ patient: ID<Patient>, as caller: Caller, by visit: ID<Appointment>? = nil
    ) async throws -> OpenRecord {
        let call = Call.test(RecommendationsAPI.recommend.declaration, by: caller)
        return try await access.open(
            AccessRequest(action, of: patient, what: "reports", appointment: visit), call)
    }

    func problem(
        _ action: RecordAction, _ patient: ID<Patient>, as caller: Caller, by visit: ID<Appointment>? = nil
    ) async -> Problem? {
        do { _ = try await open(action, patient, as: caller, by: visit) } catch { return error as? Problem }
        return nil
    }

    func refusal(
        _ action: RecordAction, _ patient: ID<Patient>, as caller: Caller, by visit: ID<Appointment>? = nil
    ) async -> Problem.Code? { await problem(action, patient, as: caller, by: visit)?.code }

    /// A grant of the doctor's, as if it had just been given.
    @discardableResult
    func grant(_ way: GrantWay, on patient: ID<Patient>, to doctor: Caller) async throws -> ID<AccessGrant> {
        let id = ID<AccessGrant>.make(at: clock.now)
        let grants = GrantStore(database: database)
        let account = patient == adasRecord ? ada.account : eve.account
        // With the patient's code the service makes it: a policy lets the doctor only break the glass.
        try await database.transaction(as: .service) { tx in
            _ = try await grants.insert(
                GrantStore.New(
                    id: id, patient: patient, patientAccount: account, doctorAccount: doctor.account,
                    doctor: ID(high: 0xD0, low: doctor.account.low), hospital: doctor.tenant.retyped(), way: way),
                in: tx)
        }
        return id
    }

    func change(_ grant: ID<AccessGrant>, _ changes: SQL) async throws {
        try await database.run(
            "update access_grant set \(sql: changes) where grant_id = \(grant)", as: .service)
    }

    /// Whose records the database itself opens to a doctor.
    func granted(to doctor: Caller) async throws -> [ID<Patient>] {
        try await database.read(Column<ID<Patient>>("g"), as: Scope(doctor)) {
            "select \($0) from granted_patients('{otp,break_glass}') g"
        }
    }

    /// The access rows of a patient, the first first.
    func rows(of patient: ID<Patient>) async throws -> [String] {
        try await database.read(Column<String>("action || ' ' || coalesce(basis, 'refused')"), as: Scope(admin)) {
            "select \($0) from access_row where patient_id = \(patient) order by access_id"
        }
    }
}
