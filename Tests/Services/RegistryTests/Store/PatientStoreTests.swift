import API
import Kernel
import Postgres
import Registry
import RegistryDomain
import Testing

@Suite struct PatientStoreTests {
    @Test func `a record comes back as it was kept, and is nobody else's`() async throws {
        try await withRegistry { f in
            let record = try await f.add(.canary, by: f.alice)
            #expect(try await f.patients.find(record.id, for: f.alice) == record)
            #expect(try await f.patients.find(record.id, for: f.bob) == nil)
            #expect(try await f.patients.find(record.id, for: f.admin) == nil)
            let locked = try await f.database.transaction(as: f.scope(f.bob)) { tx in
                try await f.patients.lock(record.id, for: f.bob, in: tx)?.record
            }
            #expect(locked == nil)
        }
    }

    @Test func `row-level security catches a query that forgot its owner`() async throws {
        try await withRegistry { f in
            let record = try await f.add(.canary, by: f.alice)
            let doctor = try await f.add(
                DoctorDetails(firstName: "E", lastName: "C", specialization: .other), by: f.bob)
            try await f.assign(doctor, to: record)
            for table in ["patient", "mapping", "data_key"] as [SQL] {
                func seen(by scope: Scope?) async throws -> Int {
                    try await f.database.read(Column<Int>("count(*)"), as: scope) { "select \($0) from \(sql: table)" }
                        .one
                }
                #expect(try await seen(by: f.scope(f.alice)) == 1)
                #expect(try await seen(by: f.scope(f.bob)) == 0)
                #expect(try await seen(by: f.scope(f.admin)) == 0)
                #expect(try await seen(by: nil) == 0)
            }
            for change in ["update patient set version = 9", "delete from patient", "delete from mapping"] as [SQL] {
                #expect(try await f.database.run(change, as: f.scope(f.bob)).affected == 0)
            }
            let stolen = await #expect(throws: DatabaseError.self) {
                try await f.database.run(
                    """
                    insert into data_key (owner_id, wrapped, kek_version, created_at)
                    values (\(f.alice.account), \([1] as [UInt8]), 1, now())
                    """, as: f.scope(f.bob))
            }
            #expect(stolen?.sqlState == "42501")
        }
    }

    @Test func `an update counts up, and one made from an older version is refused`() async throws {
        try await withRegistry { f in
            let record = try await f.add(.canary, by: f.alice)
            let later = try #require(record.changed(to: .named("Jane", "Doe"), at: f.now + .seconds(1)))
            let locked = try await f.database.transaction(as: f.scope(f.alice)) { tx in
                let locked = try #require(try await f.patients.lock(record.id, for: f.alice, in: tx))
                try await f.patients.update(locked, to: later, in: tx)
                return locked
            }
            #expect(try await f.patients.find(record.id, for: f.alice) == later)
            await #expect(throws: Problem.preconditionFailed) {
                try await f.database.transaction(as: f.scope(f.alice)) { tx in
                    try await f.patients.update(locked, to: later, in: tx)
                }
            }
            #expect(try await f.patients.list(PatientsQuery(search: "canary"), for: f.alice).total == 0)
            #expect(try await f.patients.list(PatientsQuery(search: "jane"), for: f.alice).total == 1)
        }
    }

    @Test func `pages and cursors show each of one's own once, newest first`() async throws {
        try await withRegistry { f in
            var made: [ID<Patient>] = []
            for number in 0..<7 {
                made.insert(try await f.add(.named("P\(number)", "X"), by: f.alice, after: Int64(number)).id, at: 0)
            }
            try await f.add(.named("Other", "X"), by: f.bob)
            let second = try await f.patients.list(
                PatientsQuery(page: PageRequest(position: .page(2), size: 3)), for: f.alice)
            #expect(second.total == 7 && second.items.map(\.id) == Array(made[3..<6]))
            let beyond = try await f.patients.list(
                PatientsQuery(page: PageRequest(position: .page(9), size: 3)), for: f.alice)
            #expect(beyond.total == 7 && beyond.items.isEmpty)
            var seen: [ID<Patient>] = []
            var cursor: String?
            repeat {
                let page = try await f.patients.list(
                    PatientsQuery(page: PageRequest(position: .after(cursor), size: 3)), for: f.alice)
                #expect(page.total == nil)
                seen += page.items.map(\.id)
                cursor = page.nextCursor
            } while cursor != nil
            #expect(seen == made)
        }
    }

    @Test func `a search finds names and emails by any part, beside gender, with an exact count`() async throws {
        try await withRegistry { f in
            try await f.add(.named("Jane", "Smith", email: "j.smith@example.com", gender: .female), by: f.alice)
            try await f.add(.named("Janet", "Müller", gender: .other), by: f.alice, after: 1)
            try await f.add(.named("John", "Doe", email: "jane.fan@example.org", gender: .male), by: f.alice, after: 2)
            try await f.add(.named("Jane", "Smith", gender: .female), by: f.bob)
            func found(_ text: String, _ gender: Gender? = nil) async throws -> [String] {
                try await f.patients.list(PatientsQuery(search: text, gender: gender), for: f.alice)
                    .items.map(\.details.firstName)
            }
            #expect(try await found("jane") == ["John", "Janet", "Jane"])
            #expect(try await found("JANE smith") == ["Jane"])
            #expect(try await found("MÜLL") == ["Janet"])
            #expect(try await found("j") == ["John", "Janet", "Jane"])
            #expect(try await found("example.org") == ["John"])
            #expect(try await found("jane", .female) == ["Jane"])
            #expect(try await found("nobody").isEmpty)
            let page = try await f.patients.list(
                PatientsQuery(search: "jane", page: PageRequest(position: .page(2), size: 2)), for: f.alice)
            #expect(page.total == 3 && page.items.map(\.details.firstName) == ["Jane"])
            let first = try await f.patients.list(
                PatientsQuery(search: "jane", page: PageRequest(position: .after(nil), size: 2)), for: f.alice)
            let rest = try await f.patients.list(
                PatientsQuery(search: "jane", page: PageRequest(position: .after(first.nextCursor), size: 2)),
                for: f.alice)
            #expect((first.items + rest.items).map(\.details.firstName) == ["John", "Janet", "Jane"])
            #expect(rest.nextCursor == nil)
        }
    }

    @Test(arguments: ["", "nonsense", "bm9uc2Vuc2U", "cGF0aWVudHMvMS8"])
    func `a cursor that is none of ours is a fault of its field`(cursor: String) async throws {
        try await withRegistry { f in
            let problem = await #expect(throws: Problem.self) {
                try await f.patients.list(PatientsQuery(page: PageRequest(position: .after(cursor))), for: f.alice)
            }
            #expect(problem?.errors.map(\.field) == ["cursor"])
        }
    }
}
