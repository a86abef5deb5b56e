import API
import Chassis
import Crypto
import JSON
import Kernel
import Postgres
import Records
import Sealing
import TestSupport
import Testing

struct MasterKeyTests {
    @Test func `under a new master key records are read as before, and the older one opens nothing`() async throws {
        try await withWorld { world async throws in
            _ = try await world.write(["allergies": "Penicillin"], as: world.ada)
            _ = try await world.recommend()
            let file = try await world.upload()
            let old = try MasterKey(version: 1, secret: Secret(String(repeating: "b2", count: 32)))
            let next = try MasterKey(Secret("2:" + String(repeating: "c2", count: 32)))
            let both = Sealer(master: next, others: [old])
            let rotation = { () async throws in
                try await world.home.asOwner(of: "records") { owner in
                    try await ServiceKeyRotation(of: .records, in: owner, sealer: both).rotate(
                        Schema.wrappedKeys.map { ($0, both) })
                }
            }
            let done = try await rotation()
            #expect(done["patient_key.wrapped"] == .init(rewrapped: 1))
            #expect(done["data_key.wrapped"] == .init(rewrapped: 1))
            #expect(done["service_key.wrapped"] == .init(rewrapped: 1))
            #expect(try await rotation().values.allSatisfy { $0 == .init() })
            let keys = PatientKeys(database: world.database, sealer: Sealer(master: next))
            let health = try await PatientHealthStore(database: world.database, keys: keys).find(
                world.adasRecord, as: .service)
            #expect(health != nil)
            let stored = try await world.database.read(Column<ID<StoredFile>>("file_id"), as: .service) {
                "select \($0) from stored_file"
            }.one
            _ = try await StoredFiles(database: world.database, keys: keys).key(of: stored, world.adasRecord)
            #expect(file.status == 201)
            let before = PatientKeys(database: world.database, sealer: Sealer(master: old))
            await #expect(throws: BrokenRow.self) {
                _ = try await before.current(of: world.adasRecord, account: nil, at: world.clock.now)
            }
        }
    }
}
