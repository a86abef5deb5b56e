import API
import Kernel
import Postgres
import Registry
import RegistryDomain
import TestSupport
import Testing

/// What candidates of a search are compared by, sealed beside their tokens.
@Suite struct SearchTextsTests {
    @Test func `what only counts is not opened`() async throws {
        try await withRegistry { f in
            var records: [PatientRecord] = []
            for number in 0..<5 {
                records.insert(
                    try await f.add(.named("Jane\(number)", "Smith"), by: f.alice, after: Int64(number)), at: 0)
            }
            let others = records[2...].map(\.id)
            try await f.database.run(
                "update patient set sealed = '\\x00' where patient_id = any(\(others)::uuid[])", as: f.scope(f.alice))
            let page = PageRequest(position: .page(1), size: 2)
            let found = try await f.patients.list(.init(search: "smith", page: page), for: f.alice)
            #expect(found.total == 5 && found.items == Array(records[..<2]))
            let first = try await f.patients.list(
                .init(search: "smith", page: PageRequest(position: .after(nil), size: 2)), for: f.alice)
            #expect(first.items == Array(records[..<2]) && first.nextCursor != nil)
        }
    }

    @Test func `texts of another record, of another tenant or changed do not open, and the record is read`()
        async throws
    {
        try await withRegistry { f in
            let jane = try await f.add(.named("Jane", "Smith"), by: f.alice)
            let john = try await f.add(.named("John", "Smith"), by: f.alice, after: 1)
            let joan = try await f.add(.named("Joan", "Smith"), by: f.bob, after: 2)
            // As whoever holds the database could.
            f.home.script(
                """
                create temp table kept as select * from registry.patient_search;
                update registry.patient_search s set owner_id = k.owner_id, texts = k.texts from kept k
                where (s.patient_id, k.patient_id) in (('\(jane.id)', '\(john.id)'), ('\(joan.id)', '\(jane.id)'));
                update registry.patient_search s set texts = set_byte(texts, 20, get_byte(texts, 20) # 1)
                where patient_id = '\(john.id)';
                """)
            for (name, record, caller) in [("jane", jane, f.alice), ("john", john, f.alice), ("joan", joan, f.bob)] {
                let found = try await f.patients.list(.init(search: name), for: caller)
                #expect(found.items == [record] && found.total == 1)
            }
        }
    }

    @Test func `a change of names changes the texts, and no other change touches them`() async throws {
        try await withRegistry { f in
            let record = try await f.add(.named("Jane", "Smith"), by: f.alice)
            func change(_ record: PatientRecord, _ edit: (inout PatientDetails) -> Void) async throws -> PatientRecord {
                var details = record.details
                edit(&details)
                let changed = try #require(record.changed(to: details, at: f.now + .seconds(1)))
                try await f.database.transaction(as: f.scope(f.alice)) { tx in
                    let locked = try #require(try await f.patients.lock(record.id, for: f.alice, in: tx))
                    try await f.patients.update(locked, to: changed, in: tx)
                }
                return changed
            }
            let before = try await Self.texts(f)
            let allergic = try await change(record) { $0.allergies = "Nuts" }
            #expect(try await Self.texts(f) == before)
            // The runs of three letters are the same.
            let longer = try await change(allergic) { $0.firstName = "Janejane" }
            let longest = try await change(longer) { $0.firstName = "Janejanejane" }
            #expect(try await Self.texts(f) != before)
            #expect(try await f.patients.list(.init(search: "janejanejane"), for: f.alice).items == [longest])
        }
    }

    @Test func `what a process of the last release writes is found by its record until its texts are made`()
        async throws
    {
        try await withRegistry { f in
            let jane = try await f.add(.named("Janejane", "Smith"), by: f.alice)
            let john = try await f.add(.named("John", "Smith"), by: f.alice, after: 1)
            let changed = try await f.add(.named("Janejanejane", "Smith"), by: f.alice, after: 2)
            // It changes one record, whose tokens stay the same, and adds another.
            try await f.database.transaction(as: f.scope(f.alice)) { tx in
                let locked = try #require(try await f.patients.lock(jane.id, for: f.alice, in: tx))
                let next = try #require(jane.changed(to: changed.details, at: f.now + .seconds(3)))
                try await f.patients.update(locked, to: next, in: tx)
            }
            try await f.database.transaction(as: f.scope(f.alice)) { tx in
                let sealed = try await tx.run(Column<[UInt8]>("sealed")) {
                    "select \($0) from patient where patient_id = \(jane.id)"
                }.one
                try await tx.run(
                    "update patient set sealed = sealed || '\\x00', grams = '{4}' where patient_id = \(jane.id)")
                try await tx.run("update patient set sealed = \(sealed) where patient_id = \(jane.id)")
                try await tx.run(
                    "update patient_search set owner_id = null, texts = null where patient_id = \(john.id)")
            }
            #expect(try await Self.texts(f).count == 1)
            for _ in 0..<2 {
                #expect(try await f.patients.list(.init(search: "janejanejane"), for: f.alice).total == 2)
                #expect(try await f.patients.list(.init(search: "john"), for: f.alice).items == [john])
                #expect(try await !RenewSearchTokens(store: f.patients).run())
                #expect(try await Self.texts(f).count == 3)
                #expect(try await f.patients.placesOfOlderRule(atMost: 9).isEmpty)
            }
        }
    }

    @Test(arguments: ["smith", "sm"])
    func `more candidates than one statement reads are all found, once each and in their order`(text: String)
        async throws
    {
        try await withRegistry { f in
            var made: [ID<Patient>] = []
            let count = PatientStore.compared + 60
            try await f.database.transaction(as: f.scope(f.alice)) { tx in
                for number in 0..<count {
                    let time = f.now + .seconds(Int64(number))
                    let record = PatientRecord.made(
                        .named(number % 2 == 0 ? "Jane" : "John", "Smith"), by: f.alice.account, of: f.alice.tenant,
                        as: .make(at: time), at: time)
                    try await f.patients.insert(record, in: tx)
                    made.insert(record.id, at: 0)
                }
            }
            try await f.add(.named("Jane", "Smith"), by: f.bob)
            // Of an older rule, on both sides of the border: a candidate for more than one reason.
            for index in [0, PatientStore.compared - 1, PatientStore.compared, count - 1] {
                try await f.database.run(
                    "update patient set grams = '{3}' where patient_id = \(made[index])", as: f.scope(f.alice))
            }
            let last = try await f.patients.list(
                .init(search: text, page: PageRequest(position: .page(11), size: 100)), for: f.alice)
            #expect(last.total == count && last.items.map(\.id) == Array(made.suffix(60)))
            let some = try await f.patients.list(
                .init(search: "\(text) jane", page: PageRequest(position: .page(6), size: 100)), for: f.alice)
            #expect(some.total == count / 2 && some.items.count == 30)
            var seen: [ID<Patient>] = []
            var cursor: String?
            repeat {
                let page = PageRequest(position: .after(cursor), size: 100)
                let part = try await f.patients.list(.init(search: text, page: page), for: f.alice)
                seen += part.items.map(\.id)
                cursor = part.nextCursor
            } while cursor != nil
            #expect(seen == made)
        }
    }

    /// Those that are there.
    private static func texts(_ f: Fixture) async throws -> Set<[UInt8]> {
        Set(
            try await f.database.read(Column<[UInt8]>("texts"), as: f.scope(f.alice)) {
                "select \($0) from patient_search where texts is not null"
            })
    }
}
