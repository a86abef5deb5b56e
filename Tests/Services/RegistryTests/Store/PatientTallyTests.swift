import API
import Kernel
import Postgres
import Registry
import RegistryDomain
import Testing

/// The number of a tenant's patients is kept, not counted; it is the same.
@Suite struct PatientTallyTests {
    private func totals(_ f: Fixture, _ caller: Caller) async throws -> [Int?] {
        var totals = [try await f.patients.list(.init(), for: caller).total]
        for gender in Gender.allCases {
            totals.append(try await f.patients.list(.init(gender: gender), for: caller).total)
        }
        return totals
    }

    @Test func `it follows what is added, changed and deleted, and what is undone`() async throws {
        try await withRegistry { f in
            let jane = try await f.add(.named("Jane", "A", gender: .female), by: f.alice)
            try await f.add(.named("John", "B", gender: .male), by: f.alice, after: 1)
            try await f.add(.named("Kim", "C"), by: f.alice, after: 2)
            try await f.add(.named("Other", "D", gender: .male), by: f.bob)
            #expect(try await totals(f, f.alice) == [3, 1, 1, 0, 0])
            #expect(try await totals(f, f.bob) == [1, 1, 0, 0, 0])
            #expect(try await totals(f, f.admin) == [0, 0, 0, 0, 0])
            let changed = try #require(jane.changed(to: .named("Jane", "A", gender: .other), at: f.now))
            try await f.database.transaction(as: f.scope(f.alice)) { tx in
                let locked = try #require(try await f.patients.lock(jane.id, for: f.alice, in: tx))
                try await f.patients.update(locked, to: changed, in: tx)
            }
            #expect(try await totals(f, f.alice) == [3, 1, 0, 1, 0])
            struct Undone: Error {}
            await #expect(throws: Undone.self) {
                try await f.database.transaction(as: f.scope(f.alice)) { tx in
                    try await f.patients.remove(changed, in: tx)
                    throw Undone()
                }
            }
            #expect(try await totals(f, f.alice) == [3, 1, 0, 1, 0])
            try await f.database.transaction(as: f.scope(f.alice)) { tx in try await f.patients.remove(changed, in: tx)
            }
            #expect(try await totals(f, f.alice) == [2, 1, 0, 0, 0])
        }
    }

    @Test func `many at once are all in it`() async throws {
        try await withRegistry(transactions: 8) { f in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for number in 0..<60 {
                    tasks.addTask { _ = try await f.add(.named("P\(number)", "X"), by: f.alice, after: Int64(number)) }
                }
                try await tasks.waitForAll()
            }
            #expect(try await totals(f, f.alice) == [60, 0, 0, 0, 0])
        }
    }

    @Test func `a process of the last release, which knows nothing of it, counts on`() async throws {
        try await withRegistry { f in
            try await f.add(.named("Jane", "A", gender: .female), by: f.alice)
            try await f.database.run(
                """
                insert into patient select gen_random_uuid(), owner_id, gender, sealed, grams, version, created_at,
                    updated_at, tenant_id from patient
                """, as: f.scope(f.alice))
            #expect(try await f.patients.list(.init(page: .init(size: 1)), for: f.alice).total == 2)
        }
    }

    @Test func `a tenant sees its own alone, and nobody writes any`() async throws {
        try await withRegistry { f in
            try await f.add(.named("Jane", "A"), by: f.alice)
            let seen = try await f.database.read(Column<Int>("1"), as: f.scope(f.bob)) {
                "select \($0) from patient_tally"
            }
            #expect(seen.isEmpty)
            for caller in [f.alice, f.bob] {
                let written = try await f.database.run("update patient_tally set patients = 9", as: f.scope(caller))
                #expect(written.affected == 0)
            }
            #expect(try await totals(f, f.alice) == [1, 0, 0, 0, 0])
        }
    }
}
