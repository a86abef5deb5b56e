import API
import Crypto
import Kernel
import Postgres
import Registry
import RegistryDomain
import Testing

@Suite struct SealingTests {
    @Test func `the tables hold no word of a patient`() async throws {
        try await withRegistry { f in
            let record = try await f.add(.canary, by: f.alice)
            let doctor = try await f.add(
                DoctorDetails(firstName: "E", lastName: "C", specialization: .other), by: f.bob)
            try await f.assign(doctor, to: record, notes: "Canarynotes")
            var dump = ""
            for table in ["patient", "patient_search", "mapping", "data_key"] as [SQL] {
                let rows = try await f.database.read(Column<String>("t::text"), as: f.scope(f.alice)) {
                    "select \($0) from \(sql: table) t"
                }
                dump += rows.joined()
            }
            #expect(dump.contains(record.id.description), "the dump must be able to show something")
            let text = dump.lowercased()
            // Each longer than chance brings about among digits.
            for word in ["canary", "+15550199", "555-0142", "1985-06-15"] {
                #expect(!text.contains(word))
                #expect(!text.contains(Hex.encode(Array(word.utf8))))
                #expect(!text.contains(Hex.encode(Array((word.prefix(1).uppercased() + word.dropFirst()).utf8))))
            }
        }
    }

    @Test func `a changed byte, a swapped cell and an older version do not open`() async throws {
        try await withRegistry { f in
            let one = try await f.add(.named("One", "X"), by: f.alice)
            let two = try await f.add(.named("Two", "X"), by: f.alice, after: 1)
            func broken(_ change: SQL) async throws {
                let found = try await f.database.transaction(as: f.scope(f.alice)) { tx in
                    try await tx.run(change)
                    return try? await f.patients.lock(one.id, for: f.alice, in: tx)?.record
                }
                #expect(found == nil)
                try await f.database.transaction(as: f.scope(f.alice)) { tx in
                    try await tx.run("update patient set sealed = \(sealed), version = 1 where patient_id = \(one.id)")
                }
                #expect(try await f.patients.find(one.id, for: f.alice) == one)
            }
            let sealed = try await f.database.read(Column<[UInt8]>("sealed"), as: f.scope(f.alice)) {
                "select \($0) from patient where patient_id = \(one.id)"
            }.one
            try await broken("update patient set sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1)")
            try await broken(
                "update patient set sealed = (select o.sealed from patient o where o.patient_id = \(two.id))")
            try await broken("update patient set version = 2")
        }
    }

    @Test func `equal names of two keepers have no token in common`() async throws {
        try await withRegistry { f in
            try await f.add(.named("Jane", "Smith"), by: f.alice)
            try await f.add(.named("Jane", "Smith"), by: f.bob)
            func tokens(_ caller: Caller) async throws -> Set<Int32> {
                Set(
                    try await f.database.read(Column<Int32>("unnest(tokens)"), as: f.scope(caller)) {
                        "select \($0) from patient_search where tenant_id = \(caller.tenant)"
                    })
            }
            let (mine, others) = (try await tokens(f.alice), try await tokens(f.bob))
            #expect(mine.count == 5 && mine.count == others.count && mine.isDisjoint(with: others))
        }
    }

    @Test func `another process opens the same search key and the same records`() async throws {
        try await withRegistry { f in
            let record = try await f.add(.canary, by: f.alice)
            let again = PatientStore(
                database: f.database, vault: try await Vault.open(f.database, sealer: Fixture.sealer()))
            #expect(try await again.find(record.id, for: f.alice) == record)
            #expect(try await again.list(.init(search: "canary"), for: f.alice).total == 1)
        }
    }

    @Test func `a key that took another's place is found out by whoever reads and whoever seals`() async throws {
        try await withRegistry { f in
            let record = try await f.add(.canary, by: f.alice)
            #expect(try await f.patients.find(record.id, for: f.alice) == record)
            // Another process, on a database that was put back to before the first record.
            let other = PatientStore(
                database: f.database, vault: try await Vault.open(f.database, sealer: Fixture.sealer()))
            try await f.database.transaction(as: f.scope(f.alice)) { tx in
                try await tx.run("delete from patient")
                try await tx.run("delete from data_key")
                try await other.insert(record, in: tx)
            }
            #expect(try await f.patients.find(record.id, for: f.alice) == record)
            try await f.database.transaction(as: f.scope(f.alice)) { tx in
                try await tx.run("delete from patient")
                try await tx.run("delete from data_key")
                try await other.insert(record, in: tx)
            }
            let next = try await f.add(.named("Jane", "Smith"), by: f.alice, after: 1)
            #expect(try await other.find(next.id, for: f.alice) == next)
            #expect(try await f.patients.list(.init(), for: f.alice).items == [next, record])
        }
    }

    @Test func `a record whose members stand in another order, or have new ones among them, opens`() async throws {
        try await withRegistry { f in
            let record = try await f.add(.named("Jane", "Smith", gender: .female), by: f.alice)
            let wrapped = try await f.database.read(Column<[UInt8]>("wrapped"), as: f.scope(f.alice)) {
                "select \($0) from data_key"
            }.one
            let key = try Fixture.sealer().unwrap(wrapped, for: "registry.account/\(f.alice.account)")
            for text in [
                #"{"last_name":"Smith","gender":"F","first_name":"Jane"}"#,
                #"{"first_name":"Jane","last_name":"Smith","nickname":"J","gender":"F"}"#,
            ] {
                let sealed = try key.seal(
                    text,
                    authenticating: AssociatedData(
                        table: "patient", row: record.id.description, column: "sealed", version: 1))
                try await f.database.run("update patient set sealed = \(sealed)", as: f.scope(f.alice))
                #expect(try await f.patients.find(record.id, for: f.alice) == record)
            }
        }
    }

    @Test func `first records made at once share one key`() async throws {
        try await withRegistry { f in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for number in 0..<10 {
                    tasks.addTask { _ = try await f.add(.named("P\(number)", "X"), by: f.alice, after: Int64(number)) }
                }
                try await tasks.waitForAll()
            }
            #expect(try await f.patients.list(.init(), for: f.alice).items.count == 10)
            #expect(
                try await f.database.read(Column<Int>("1"), as: f.scope(f.alice)) { "select \($0) from data_key" } == [
                    1
                ])
        }
    }
}
