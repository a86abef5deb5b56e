import API
import Kernel
import Postgres
import Registry
import RegistryDomain
import TestSupport
import Testing

/// Tokens are put into their index in batches (migration 23).
@Suite struct TokenBatchTests {
    @Test func `tokens wait until a tenant has a batch of them, and are found before and after`() async throws {
        try await withRegistry { f in
            let batch = PatientStore.tokenBatch
            for number in 1..<batch { try await add(number, f) }
            try await f.add(.named("Jane", "Smith"), by: f.bob)
            #expect(try await f.patients.indexTokens(of: f.alice.tenant) == 0)
            #expect(try await indexed(f) == 0)
            #expect(try await total("smith", f) == batch - 1)
            try await add(batch, f)
            #expect(try await f.patients.indexTokens(of: f.alice.tenant) == batch)
            #expect(try await indexed(f) == batch)
            try await add(batch + 1, f)
            #expect(try await f.patients.indexTokens(of: f.alice.tenant) == 0)
            #expect(try await total("smith", f) == batch + 1)
            #expect(try await total("p\(batch + 1)", f) == 1)
            #expect(try await f.patients.list(.init(search: "smith"), for: f.bob).total == 1)
        }
    }

    @Test func `a record in the index is found by what it is changed to, and not by what it was`() async throws {
        try await withRegistry { f in
            for number in 1...PatientStore.tokenBatch { try await add(number, f) }
            _ = try await f.patients.indexTokens(of: f.alice.tenant)
            let record = try #require(try await f.patients.list(.init(search: "p7"), for: f.alice).items.last)
            try await f.database.transaction(as: f.scope(f.alice)) { tx in
                let locked = try #require(try await f.patients.lock(record.id, for: f.alice, in: tx))
                let changed = try #require(
                    locked.record.changed(to: .named("Ann", "Lindqvist"), at: f.now + .seconds(9)))
                try await f.patients.update(locked, to: changed, in: tx)
            }
            #expect(try await total("lindqvist", f) == 1)
            #expect(try await total("smith", f) == PatientStore.tokenBatch - 1)
        }
    }

    @Test func `what another transaction holds waits for the next batch`() async throws {
        try await withRegistry { f in
            for number in 0...PatientStore.tokenBatch { try await add(number, f) }
            try await f.database.transaction(as: f.scope(f.alice)) { tx in
                try await tx.run("select from patient_search order by patient_id limit 1 for update")
                #expect(try await f.patients.indexTokens(of: f.alice.tenant) == PatientStore.tokenBatch)
            }
            #expect(try await total("smith", f) == PatientStore.tokenBatch + 1)
        }
    }

    @Test func `one patient in sixty-four has its tenant looked at, after the commit`() async throws {
        try await withRegistry { f in
            let job = IndexSearchTokens(store: f.patients)
            for number in 1...PatientStore.tokenBatch { try await add(number, f, random: UInt64(number) * 64 + 1) }
            #expect(try await !job.run())
            struct Undone: Error {}
            await #expect(throws: Undone.self) {
                try await f.database.transaction(as: f.scope(f.alice)) { tx in
                    try await f.patients.insert(record(1000, f, random: 64), in: tx)
                    throw Undone()
                }
            }
            #expect(try await !job.run())
            try await add(1001, f, random: 128)
            // It looks, fills the index, looks once more, and has nothing left to do.
            #expect(try await job.run())
            #expect(try await indexed(f) == PatientStore.tokenBatch + 1)
            #expect(try await job.run())
            #expect(try await !job.run())
        }
    }

    @Test func `a search reads no more of a large tenant's waiting tokens than a batch`() async throws {
        try await withRegistry { f in
            let batch = PatientStore.tokenBatch
            for number in 0..<(3 * batch) {
                try await add(number, f, random: UInt64(number + 1))
                while try await IndexSearchTokens(store: f.patients).run() {}
            }
            #expect(try await indexed(f) >= 2 * batch)
            #expect(try await total("smith", f) == 3 * batch)
        }
    }

    private func record(_ number: Int, _ f: Fixture, random: UInt64) -> PatientRecord {
        let time = f.now + .seconds(Int64(number))
        return PatientRecord.made(
            .named("P\(number)", "Smith"), by: f.alice.account, of: f.alice.tenant,
            as: .make(at: time, random: random), at: time)
    }

    private func add(_ number: Int, _ f: Fixture, random: UInt64 = 1) async throws {
        let record = record(number, f, random: random)
        try await f.database.transaction(as: f.scope(f.alice)) { tx in try await f.patients.insert(record, in: tx) }
    }

    private func total(_ text: String, _ f: Fixture) async throws -> Int? {
        try await f.patients.list(.init(search: text), for: f.alice).total
    }

    private func indexed(_ f: Fixture) async throws -> Int {
        try await f.database.read(Column<Int>("count(*)")) {
            "select \($0) from patient_search where is_indexed"
        }.one
    }
}
