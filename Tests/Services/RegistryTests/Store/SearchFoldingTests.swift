import API
import Kernel
import Postgres
import Registry
import RegistryDomain
import Testing

/// A name is found by however it is typed: patients by tokens, doctors and cities in SQL.
@Suite struct SearchFoldingTests {
    private static let typed = [
        "garcia", "GARCÍA", "Garci\u{301}a", "lukasz", "ŁUKASZ", "o'neill", "O’Neill", "OʼNEILL", "garcia–lopez",
        "García-López", "Ｇａｒｃｉａ", "gar\u{AD}cia", "García, Łukasz", "O'Neill,Lukasz",
    ]

    @Test func `the database folds every character of Unicode 14 as we do`() async throws {
        try await withRegistry { f in
            let characters = (UInt32(1)...0xEFFFF).compactMap(Unicode.Scalar.init).filter {
                $0.properties.age.map { $0.major <= 14 } ?? false
            }
            #expect(characters.count > 140_000)
            var start = 0
            while start < characters.count {
                let chunk = characters[start..<min(start + 20_000, characters.count)].map { String($0) }
                let folded = try await f.database.run(Column<String>("search_folded(c)")) {
                    "select \($0) from unnest(\(chunk)::text[]) with ordinality u (c, n) order by n"
                }
                #expect(folded.count == chunk.count)
                for (character, theirs) in zip(chunk, folded) {
                    let ours = SearchText.folded(character)
                    guard Array(ours.unicodeScalars) != Array(theirs.unicodeScalars) else { continue }
                    let codes = character.unicodeScalars.map { String($0.value, radix: 16) }
                    Issue.record("\(codes): \(ours) here, \(theirs) in the database")
                }
                start += 20_000
            }
        }
    }

    @Test func `a patient is found by a name however it is typed`() async throws {
        try await withRegistry { f in
            try await f.add(.named("Łukasz", "O’Neill García‐López"), by: f.alice)
            try await f.add(.named("Lucas", "Oneil"), by: f.alice, after: 1)
            for text in Self.typed {
                let found = try await f.patients.list(.init(search: text), for: f.alice)
                #expect(found.items.map(\.details.firstName) == ["Łukasz"] && found.total == 1, "\(text)")
            }
        }
    }

    @Test func `a doctor is found by name, hospital and city however they are typed`() async throws {
        try await withRegistry { f in
            var details = DoctorDetails(firstName: "Łukasz", lastName: "O’Neill García‐López", specialization: .other)
            details.hospitalName = "Clínica Niño Jesús"
            details.city = "São Paulo"
            try await f.add(details, by: f.alice)
            try await f.add(DoctorDetails(firstName: "Lucas", lastName: "Oneil", specialization: .other), by: f.alice)
            func found(_ set: (inout DoctorsQuery) -> Void) async throws -> [String] {
                var query = DoctorsQuery()
                set(&query)
                return try await f.doctors.list(query, for: f.bob).items.map(\.details.firstName)
            }
            for text in Self.typed + ["clinica nino", "NIÑO jesus"] {
                #expect(try await found { $0.search = text } == ["Łukasz"], "\(text)")
            }
            for city in ["Sao Paulo", "SÃO PAULO", "sa\u{303}o paulo"] {
                #expect(try await found { $0.city = city } == ["Łukasz"], "\(city)")
                #expect(try await found { ($0.city, $0.search) = (city, "garcia") } == ["Łukasz"], "\(city)")
            }
            #expect(try await found { $0.city = "Paulo" }.isEmpty)
            #expect(try await found { $0.search = "％" }.isEmpty)
        }
    }

    @Test func `records of an older rule are found, and made anew without becoming another version`() async throws {
        try await withRegistry { f in
            let names = ["García", "Núñez", "Smith"]
            var records: [PatientRecord] = []
            for (index, name) in names.enumerated() {
                records.append(
                    try await f.add(.named("A", name), by: index == 1 ? f.bob : f.alice, after: Int64(index)))
            }
            for caller in [f.alice, f.bob] {
                try await f.database.run("update patient set grams = '{3}'", as: f.scope(caller))
                try await f.database.run("delete from patient_search", as: f.scope(caller))
            }
            func found(_ text: String, _ caller: Caller) async throws -> [PatientRecord] {
                try await f.patients.list(.init(search: text), for: caller).items
            }
            for _ in 0..<2 {
                #expect(try await found("garcia", f.alice) == [records[0]])
                #expect(try await found("nunez", f.bob) == [records[1]])
                #expect(try await found("nunez", f.alice).isEmpty)
                // Stopped after the first, the next run finds what is left.
                if let first = try await f.patients.placesOfOlderRule(atMost: 1).first {
                    try await f.patients.renewTokens(at: first)
                    #expect(try await f.patients.placesOfOlderRule(atMost: 9).count == 2)
                }
                #expect(try await !RenewSearchTokens(store: f.patients).run())
                #expect(try await f.patients.placesOfOlderRule(atMost: 9).isEmpty)
            }
        }
    }

    @Test func `a record that does not open keeps no other from being made anew`() async throws {
        try await withRegistry { f in
            let broken = try await f.add(.named("A", "Broken"), by: f.alice)
            try await f.add(.named("A", "Whole"), by: f.alice, after: 1)
            try await f.database.run("update patient set grams = '{}'", as: f.scope(f.alice))
            try await f.database.run(
                "update patient set sealed = '\\x00' where patient_id = \(broken.id)", as: f.scope(f.alice))
            #expect(try await !RenewSearchTokens(store: f.patients).run())
            #expect(try await f.patients.placesOfOlderRule(atMost: 9).map(\.patient) == [broken.id])
        }
    }

    @Test func `who waits for new tokens goes with the record`() async throws {
        try await withRegistry { f in
            let record = try await f.add(.named("A", "New"), by: f.alice)
            #expect(try await f.patients.placesOfOlderRule(atMost: 9).isEmpty)
            try await f.database.run("update patient set grams = '{}'", as: f.scope(f.alice))
            #expect(try await f.patients.placesOfOlderRule(atMost: 9).map(\.patient) == [record.id])
            try await f.database.transaction(as: f.scope(f.alice)) { tx in try await f.patients.remove(record, in: tx) }
            #expect(try await f.patients.placesOfOlderRule(atMost: 9).isEmpty)
        }
    }

    @Test func `tokens go with their patient`() async throws {
        try await withRegistry { f in
            let record = try await f.add(.named("Jane", "Smith"), by: f.alice)
            let kept = try await f.add(.named("John", "Smith"), by: f.alice, after: 1)
            try await f.database.transaction(as: f.scope(f.alice)) { tx in try await f.patients.remove(record, in: tx) }
            let left = try await f.database.read(Column<ID<Patient>>("patient_id")) {
                "select \($0) from patient_search"
            }
            #expect(left == [kept.id])
        }
    }

    @Test func `a search of patients may use the index of tokens in spite of the policies`() async throws {
        try await withRegistry { f in
            let plan = try await f.database.transaction(as: f.scope(f.alice)) { tx in
                try await tx.run("set local enable_seqscan = off")
                try await tx.run("set local enable_indexscan = off")
                return try await tx.run(Column<String>("plan")) { _ in
                    """
                    explain select patient_id from patient_search
                    where tenant_id = \(f.alice.tenant) and is_indexed and tokens @> \([1, 2] as [Int32])
                    """
                }.joined()
            }
            #expect(plan.contains("patient_search_tokens"))
        }
    }

    @Test func `words shorter than a token, alone and beside longer ones, find what they should`() async throws {
        try await withRegistry { f in
            try await f.add(.named("Bo", "Li"), by: f.alice)
            try await f.add(.named("Bob", "Lind"), by: f.alice, after: 1)
            try await f.add(.named("Ann", "Lind"), by: f.alice, after: 2)
            for (text, names) in [
                ("b", ["Bob", "Bo"]), ("bo", ["Bob", "Bo"]), ("bob", ["Bob"]), ("lind b", ["Bob"]),
                ("li bo", ["Bob", "Bo"]), ("x", []), ("lin d", ["Ann", "Bob"]),
            ] {
                let found = try await f.patients.list(.init(search: text), for: f.alice)
                #expect(found.items.map(\.details.firstName) == names && found.total == names.count, "\(text)")
            }
        }
    }

    @Test func `more candidates than are opened at once are all counted, page by page`() async throws {
        try await withRegistry { f in
            for number in 0..<205 {
                let name = number == 3 ? "Lindqvist" : "Lind"
                try await f.add(.named("P\(number)", name), by: f.alice, after: Int64(number))
            }
            func page(_ number: Int, _ text: String) async throws -> Page<PatientRecord> {
                try await f.patients.list(
                    .init(search: text, page: PageRequest(position: .page(number), size: 100)), for: f.alice)
            }
            let (first, third, one) = (try await page(1, "lind"), try await page(3, "lind"), try await page(1, "qvist"))
            #expect(first.total == 205 && first.items.first?.details.firstName == "P204")
            #expect(third.total == 205 && third.items.map(\.details.firstName) == ["P4", "P3", "P2", "P1", "P0"])
            #expect(one.total == 1 && one.items.map(\.details.firstName) == ["P3"])
        }
    }

    @Test func `a city alone may use its index`() async throws {
        try await withRegistry { f in
            let plan = try await f.database.transaction(as: f.scope(f.alice)) { tx in
                try await tx.run("set local enable_seqscan = off")
                return try await tx.run(Column<String>("plan")) { _ in
                    "explain select 1 from doctor where search_city = 'sao paulo'"
                }.joined()
            }
            #expect(plan.contains("doctor_by_city"))
        }
    }
}
