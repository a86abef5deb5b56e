import API
import Chassis
import Events
import JSON
import Kernel
import Lifecycle
import Postgres
import Records
import RecordsDomain
import Testing

struct PatientKeyRotationTests {
    @Test func `everything a patient's old key sealed has the new one, and the old one is gone`() async throws {
        try await withWorld { world async throws in
            _ = try await world.write(["allergies": "Penicillin"], as: world.ada)
            _ = try await world.breakGlass()
            let rotation = PatientKeyRotation(
                database: world.database, keys: world.patientKeys, clock: world.clock)
            #expect(try await rotation.rotate(world.adasRecord) == 2)
            #expect(try await world.versions(of: world.adasRecord) == [2])
            #expect(try await world.health(as: world.ada)["allergies"]?.string == "Penicillin")
            let log = try await world.ask(
                "listAccessRows", as: world.ada, path: ["id": world.adasRecord.description])
            let reasons = (log.json.array ?? []).compactMap { $0["reason"]?.string }
            #expect(reasons == ["Found unconscious"])
            #expect(try await rotation.rotate(world.noRecord) == nil)
        }
    }

    @Test func `a rotation that was stopped goes on where it was`() async throws {
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
            #expect(try await whole.rotate(world.adasRecord, isAnew: false) == 1)
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
