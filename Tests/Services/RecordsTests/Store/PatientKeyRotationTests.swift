import API
import Chassis
import Crypto
import Events
import JSON
import Kernel
import Lifecycle
import Postgres
import Records
import RecordsDomain
import Testing

struct PatientKeyRotationTests {
    @Test func `everything a patient's old key sealed has the new one, and the old one goes ten minutes later`()
        async throws
    {
        try await withWorld { world async throws in
            _ = try await world.write(["allergies": "Penicillin"], as: world.ada)
            _ = try await world.breakGlass()
            let rotation = PatientKeyRotation(
                database: world.database, keys: world.patientKeys, clock: world.clock)
            #expect(try await rotation.rotate(world.adasRecord) == 2)
            try await rotation.finishAll()
            #expect(try await world.versions(of: world.adasRecord) == [1, 2])
            world.clock.pass(PatientKeyRotation.keeps)
            try await rotation.finishAll()
            #expect(try await world.versions(of: world.adasRecord) == [2])
            #expect(try await world.health(as: world.ada)["allergies"]?.string == "Penicillin")
            let log = try await world.ask(
                "listAccessRows", as: world.ada, path: ["id": world.adasRecord.description])
            let reasons = (log.json.array ?? []).compactMap { $0["reason"]?.string }
            #expect(reasons == ["Found unconscious"])
            #expect(try await rotation.rotate(world.noRecord) == nil)
        }
    }

    @Test func `a row that is written with the old key meanwhile is sealed anew before that key goes`() async throws {
        try await withWorld { world async throws in
            let old = try await world.patientKeys.current(
                of: world.adasRecord, account: world.ada.account, at: world.clock.now)
            let rotation = PatientKeyRotation(
                database: world.database, keys: world.patientKeys, clock: world.clock)
            #expect(try await rotation.rotate(world.adasRecord) == 0)
            let id = ID<AccessGrant>.make(at: world.clock.now)
            let cell = AssociatedData(table: "access_grant", row: id.description, column: "sealed_reason")
            let grant = GrantStore.New(
                id: id, patient: world.adasRecord, patientAccount: world.ada.account,
                doctorAccount: world.emily.account, doctor: nil, hospital: nil, way: .breakGlass,
                sealedReason: try old.seal(Array("Canary".utf8), for: cell), keyVersion: old.version)
            try await world.database.transaction(as: Scope(world.emily)) { tx in
                _ = try await GrantStore(database: world.database).insert(grant, in: tx)
            }
            world.clock.pass(PatientKeyRotation.keeps)
            try await rotation.finishAll()
            #expect(try await world.versions(of: world.adasRecord) == [2])
            let shown = try await world.ask("listGrants", as: world.ada, path: ["id": world.adasRecord.description])
            #expect(shown.json.array?.first?["reason"]?.string == "Canary")
        }
    }

    @Test func `a rotation that was stopped is finished by the service`() async throws {
        try await withWorld { world async throws in
            _ = try await world.write(["allergies": "Penicillin"], as: world.ada)
            _ = try await world.breakGlass()
            let half = PatientKeyRotation(
                database: world.database, keys: world.patientKeys, columns: Array(SealedColumn.all.prefix(1)),
                clock: world.clock)
            #expect(try await half.rotate(world.adasRecord) == 1)
            #expect(try await world.versions(of: world.adasRecord) == [1, 2])
            #expect(try await world.health(as: world.ada)["allergies"]?.string == "Penicillin")
            let whole = PatientKeyRotation(
                database: world.database, keys: world.patientKeys, clock: world.clock)
            world.clock.pass(PatientKeyRotation.keeps)
            try await whole.finishAll()
            #expect(try await world.versions(of: world.adasRecord) == [2])
        }
    }

    @Test func `every column that is sealed under patients' keys is among those that are sealed anew`() async throws {
        try await withWorld { world async throws in
            let versions = try await world.database.read(Column<String>("c.table_name || '.' || c.column_name")) {
                """
                select \($0) from information_schema.columns c
                where c.table_schema = 'records' and c.column_name like '%key_version'
                    and c.table_name <> 'patient_key' order by 1
                """
            }
            #expect(versions == SealedColumn.all.map(\.name).sorted())
        }
    }

    @Test func `an erased patient's rows can be read by nobody`() async throws {
        try await withWorld { world async throws in
            _ = try await world.write(["allergies": "Penicillin"], as: world.ada)
            let visit = world.people.visit(
                world.adasRecord, of: world.ada, with: world.raj, .confirmed, changed: world.clock.now)
            _ = try await world.prescribe(visit.description, as: world.raj)
            _ = try await world.recommend()
            _ = try await world.upload()
            try await world.grant(.otp, on: world.adasRecord, to: world.emily)
            let fact = RegisteredPatientFact(patient: world.adasRecord, account: world.ada.account)
            let envelope = EventEnvelope(
                .registeredPatientDeleted(fact), id: .make(at: world.clock.now), at: world.clock.now,
                traceparent: nil)
            try await world.database.transaction { tx in try await world.reaction.react(envelope, in: tx) }
            world.people.state.withLock { $0.patients.removeAll { $0.id == world.adasRecord } }
            #expect(try await world.granted(to: world.emily).isEmpty)
            #expect(await world.refusal(.readHealth, world.adasRecord, as: world.emily) == .accessRequired)
            let kept = PatientHealthStore(database: world.database, keys: world.patientKeys)
            #expect(try await kept.find(world.adasRecord, as: .service) == nil)
            await #expect(throws: Problem.notFound) { _ = try await world.breakGlass() }
            for reader in [world.hospital, world.admin, world.raj] {
                let list = try await world.ask("listPrescriptions", as: reader)
                #expect(list.json.array == [] && list.frame?.total == 0, "\(reader.role)")
            }
            let reports = try await world.database.read(Column<Int>("count(*)"), as: Scope(world.admin)) {
                "select \($0) from report"
            }
            #expect(reports == [0])
            for table in ["advice", "data_key"] as [SQL] {
                let left = try await world.database.read(Column<Int>("count(*)"), as: .service) {
                    "select \($0) from \(sql: table)"
                }
                #expect(left == [0])
            }
        }
    }

    @Test func `no version is added to the keys of an erased patient`() async throws {
        try await withWorld { world async throws in
            _ = try await world.write(["allergies": "Penicillin"], as: world.ada)
            try await world.database.transaction(as: .service) { tx in
                _ = try await world.patientKeys.destroy(of: world.adasRecord, at: world.clock.now, in: tx)
            }
            let rotation = PatientKeyRotation(database: world.database, keys: world.patientKeys, clock: world.clock)
            #expect(try await rotation.rotate(world.adasRecord) == nil)
            #expect(try await world.versions(of: world.adasRecord) == [1])
        }
    }
}

extension World {
    func versions(of patient: ID<Patient>) async throws -> [Int] {
        try await database.read(Column<Int>("key_version"), as: .service) {
            "select \($0) from patient_key where patient_id = \(patient) order by key_version"
        }
    }
}
