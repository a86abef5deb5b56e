import Chassis
import Events
import Glibc
import JSON
import Kernel
import Postgres
import Records
import RecordsDomain
import TestSupport
import Testing

struct StoredFilesTests {
    @Test func `a new key of the patient wraps the files' keys anew, and no byte of a file is written`() async throws {
        try await withWorld { world async throws in
            let id = try #require(try await world.upload()["id"]?.string)
            let path = try #require(world.stored().first)
            let before = try world.bytes(path)
            let rotation = PatientKeyRotation(database: world.database, keys: world.patientKeys, clock: world.clock)
            #expect(try await rotation.rotate(world.adasRecord) == 2)
            let versions = try await world.database.read(
                Projection(Column<Int>("f.key_version"), Column<Int>("r.key_version")), as: .service
            ) { "select \($0) from stored_file f join report r using (file_id)" }
            #expect(versions.map(\.0) == [2] && versions.map(\.1) == [2])
            #expect(try world.bytes(path) == before)
            #expect(try await world.download(id, as: world.ada).1 == World.pdf)
        }
    }

    @Test func `a reason for taking a report back is sealed anew as well`() async throws {
        try await withWorld { world async throws in
            for reason in ["Uploaded twice", nil] {
                let id = try #require(try await world.upload()["id"]?.string)
                _ = try await world.ask(
                    "deleteReport", as: world.ada, reason.map { ["reason": .string($0)] }, path: ["id": id])
            }
            let rotation = PatientKeyRotation(database: world.database, keys: world.patientKeys, clock: world.clock)
            #expect(try await rotation.rotate(world.adasRecord) == 5)
            let kept = try await world.database.read(Column<Int?>("reason_key_version"), as: .service) {
                "select \($0) from report order by reason_key_version"
            }
            #expect(kept == [2, nil])
        }
    }

    @Test func `an erased patient's files are unreadable at once, and gone after ten minutes`() async throws {
        try await withWorld { world async throws in
            _ = try await world.upload()
            let hers = try #require(
                try await world.upload(as: world.eve, to: world.evesRecord)["id"]?.string)
            let fact = RegisteredPatientFact(patient: world.adasRecord, account: world.ada.account)
            let envelope = EventEnvelope(
                .registeredPatientDeleted(fact), id: .make(at: world.clock.now), at: world.clock.now,
                traceparent: nil)
            try await world.database.transaction { tx in try await world.reaction.react(envelope, in: tx) }
            #expect(try await world.hear("listMyReports", as: world.ada).json.array == [])
            #expect(world.stored().count == 2)
            // Files are as old as the machine says.
            world.clock.pass(.seconds(Int64(time(nil)) + 700 - 1_760_000_000))
            #expect(try await world.sweeper.sweep() == 1)
            #expect(try await world.download(hers, as: world.eve).1 == World.pdf)
        }
    }

    @Test func `a grant that ends while a file comes takes the file with it`() async throws {
        try await withWorld { world async throws in
            let grant = try await world.grant(.otp, on: world.adasRecord, to: world.raj)
            let code = await world.code {
                try await world.hear(
                    "uploadReport", as: world.raj, path: world.adasRecord.description,
                    parts: [
                        .field("title", "Blood count"), .file("scan.pdf", World.pdf),
                        .meanwhile { try? await world.change(grant, "expires_at = clock_timestamp()") },
                        .field("report_type", "lab"),
                    ])
            }
            #expect(code == .accessRequired)
            #expect(try await world.files() == 0)
            #expect(world.stored().isEmpty)
        }
    }
}
