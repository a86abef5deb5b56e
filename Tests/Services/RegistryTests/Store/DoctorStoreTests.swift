import API
import Kernel
import Postgres
import Registry
import RegistryDomain
import Testing

@Suite struct DoctorStoreTests {
    static func doctor(
        _ first: String, _ last: String, _ field: Specialization = .other, license: String? = nil, city: String? = nil,
        hospital: String? = nil, years: Int? = nil, fee: String? = nil, available: Bool = true
    ) -> DoctorDetails {
        var details = DoctorDetails(firstName: first, lastName: last, specialization: field, isAvailable: available)
        details.licenseNumber = license
        details.city = city
        details.hospitalName = hospital
        details.yearsOfExperience = years
        details.consultationFee = fee
        return details
    }

    static func fill(_ f: Fixture) async throws {
        let directory = [
            doctor(
                "Emily", "Chen", .neurology, city: "San Francisco", hospital: "City Medical", years: 15, fee: "250.00"),
            doctor(
                "Adam", "chambers", .cardiology, city: "Chicago", hospital: "100% Heart_Care", years: 3, fee: "99.50"),
            doctor("Zoe", "Adams", .neurology, city: "CHICAGO", years: 30, available: false),
            doctor("Ben", "Young", .surgery, hospital: "City Medical", fee: "1000.00"),
        ]
        for (index, details) in directory.enumerated() { try await f.add(details, by: f.bob, after: Int64(index)) }
    }

    @Test func `an entry comes back as it was kept, for everybody`() async throws {
        try await withRegistry { f in
            var details = Self.doctor("Emily", "Chen", .neurology, license: "LIC-2024-007", years: 15, fee: "250.00")
            details.email = Email("e@example.com")
            details.phone = "555-9876"
            details.bio = "Line one\nline two"
            details.qualification = "MD"
            details.state = "CA"
            details.country = "USA"
            let entry = try await f.add(details, by: f.alice)
            for caller in [f.alice, f.bob, f.admin] {
                #expect(try await f.doctors.find(entry.id, for: caller) == entry)
            }
        }
    }

    @Test func `one licence is one doctor's, however it is spelled and however many ask at once`() async throws {
        try await withRegistry { f in
            let refused = await withTaskGroup(of: Problem?.self) { tasks in
                for number in 0..<20 {
                    tasks.addTask {
                        do {
                            let license = number.isMultiple(of: 2) ? "LIC-7" : "lic-7"
                            try await f.add(Self.doctor("D\(number)", "X", license: license), by: f.bob)
                            return nil
                        } catch { return (error as? Problem) ?? .internalError }
                    }
                }
                return await tasks.reduce(into: [Problem]()) { if let problem = $1 { $0.append(problem) } }
            }
            #expect(refused.count == 19)
            #expect(refused.allSatisfy { $0.code == .duplicate && $0.errors.first?.field == "license_number" })
            try await f.add(Self.doctor("No", "License"), by: f.bob)
            try await f.add(Self.doctor("Nor", "This"), by: f.bob)
        }
    }

    @Test func `only creator and admin change a row, whatever the code asks for`() async throws {
        try await withRegistry { f in
            let entry = try await f.add(Self.doctor("Emily", "Chen"), by: f.alice)
            for (caller, count) in [(f.bob, 0), (f.admin, 1), (f.alice, 1)] {
                let changed = try await f.database.run("update doctor set bio = 'x'", as: f.scope(caller))
                #expect(changed.affected == count)
            }
            #expect(try await f.database.run("delete from doctor", as: f.scope(f.bob)).affected == 0)
            let forged = await #expect(throws: DatabaseError.self) {
                let forged = DoctorEntry(
                    id: .make(at: f.now), creator: f.alice.account, details: entry.details, createdAt: f.now,
                    updatedAt: f.now)
                try await f.database.transaction(as: f.scope(f.bob)) { tx in try await f.doctors.insert(forged, in: tx)
                }
            }
            #expect(forged?.sqlState == "42501")
        }
    }

    @Test func `filters narrow the list, in any case, and special characters mean themselves`() async throws {
        try await withRegistry { f in
            try await Self.fill(f)
            func found(_ change: (inout DoctorsQuery) -> Void) async throws -> [String] {
                var query = DoctorsQuery()
                change(&query)
                let page = try await f.doctors.list(query, for: f.alice)
                #expect(page.total == page.items.count)
                return page.items.map(\.details.firstName)
            }
            #expect(try await found { _ in } == ["Zoe", "Adam", "Emily", "Ben"])
            #expect(try await found { $0.search = "city MEDICAL" } == ["Emily", "Ben"])
            #expect(try await found { $0.search = "ben medical CITY" } == ["Ben"])
            #expect(try await found { $0.search = "a \"{null},\\ b" }.isEmpty)
            #expect(try await found { $0.search = "chen" } == ["Emily"])
            #expect(try await found { $0.search = "100%" } == ["Adam"])
            #expect(try await found { $0.search = "heart_care" } == ["Adam"])
            #expect(try await found { $0.search = "%" } == ["Adam"])
            #expect(try await found { $0.search = "\\" }.isEmpty)
            #expect(try await found { $0.specialization = .neurology } == ["Zoe", "Emily"])
            #expect(try await found { $0.isAvailable = false } == ["Zoe"])
            #expect(try await found { $0.city = "chicago" } == ["Zoe", "Adam"])
            #expect(try await found { ($0.city, $0.isAvailable) = ("Chicago", true) } == ["Adam"])
            #expect(try await found { ($0.city, $0.specialization) = ("Chicago", .neurology) } == ["Zoe"])
            #expect(try await found { ($0.city, $0.search) = ("Chicago", "ad") } == ["Zoe", "Adam"])
        }
    }

    @Test(arguments: [
        (DoctorsQuery.Ordering.lastName, "Zoe Adam Emily Ben"), (.lastNameDown, "Ben Emily Adam Zoe"),
        (.firstName, "Adam Ben Emily Zoe"), (.firstNameDown, "Zoe Emily Ben Adam"),
        (.experience, "Ben Adam Emily Zoe"), (.experienceDown, "Zoe Emily Adam Ben"),
        (.fee, "Zoe Adam Emily Ben"), (.feeDown, "Ben Emily Adam Zoe"), (.created, "Emily Adam Zoe Ben"),
        (.createdDown, "Ben Zoe Adam Emily"),
    ])
    func `every order is the same by pages and by cursor`(ordering: DoctorsQuery.Ordering, names: String) async throws {
        try await withRegistry { f in
            try await Self.fill(f)
            let whole = try await f.doctors.list(DoctorsQuery(ordering: ordering), for: f.alice)
            #expect(whole.items.map(\.details.firstName).joined(separator: " ") == names)
            var seen: [String] = []
            var cursor: String?
            repeat {
                let page = try await f.doctors.list(
                    DoctorsQuery(ordering: ordering, page: PageRequest(position: .after(cursor), size: 1)), for: f.alice
                )
                seen += page.items.map(\.details.firstName)
                cursor = page.nextCursor
            } while cursor != nil && seen.count < 9
            #expect(seen.joined(separator: " ") == names)
        }
    }

    @Test func `a page of a search comes with the number of all, also behind the last`() async throws {
        try await withRegistry { f in
            try await Self.fill(f)
            for text in ["medical", "me"] {
                for (page, count) in [(1, 1), (2, 1), (9, 0)] {
                    var query = DoctorsQuery(page: PageRequest(position: .page(page), size: 1))
                    query.search = text
                    let found = try await f.doctors.list(query, for: f.alice)
                    #expect(found.total == 2 && found.items.count == count, "\(text), page \(page)")
                }
            }
        }
    }

    @Test func `the stamps of a page are those of its doctors, whatever is asked for`() async throws {
        try await withRegistry { f in
            try await Self.fill(f)
            for text in [nil, "medical", "me", "nobody"] {
                for ordering in DoctorsQuery.Ordering.allCases {
                    for number in 1...3 {
                        var query = DoctorsQuery(
                            ordering: ordering, page: PageRequest(position: .page(number), size: 2))
                        query.search = text
                        let page = try await f.doctors.list(query, for: f.alice)
                        let stamps = try await f.doctors.stamps(query, for: f.alice)
                        #expect(stamps.items.map(\.id) == page.items.map(\.id) && stamps.total == page.total)
                        let found = try await f.doctors.find(all: stamps.items.map(\.id), for: f.alice)
                        #expect(Set(found.map(\.stamp)) == Set(stamps.items))
                        #expect(found.allSatisfy { page.items.contains($0.entry) && $0.entry.id == $0.stamp.id })
                    }
                }
            }
        }
    }

    @Test func `each change of a doctor gives another stamp, of that doctor alone`() async throws {
        try await withRegistry { f in
            try await Self.fill(f)
            func stamps() async throws -> [ID<Doctor>: DoctorStamp] {
                let page = try await f.doctors.stamps(DoctorsQuery(), for: f.alice)
                return Dictionary(uniqueKeysWithValues: page.items.map { ($0.id, $0) })
            }
            var before = try await stamps()
            let adam = try #require(try await f.doctors.list(DoctorsQuery(), for: f.alice).items.dropFirst().first)
            for change in [
                "update doctor set bio = 'x'", "update doctor set bio = 'x'", "update doctor set account_version = 7",
            ] as [SQL] {
                try await f.database.run(
                    "\(sql: change) where doctor_id = \(adam.id)", as: f.scope(f.bob))
                let now = try await stamps()
                #expect(now.keys == before.keys && now.filter { before[$0] != $1 }.map(\.key) == [adam.id])
                before = now
            }
        }
    }

    @Test func `a search may use the trigram index in spite of the policy`() async throws {
        try await withRegistry { f in
            let plan = try await f.database.transaction(as: f.scope(f.alice)) { tx in
                try await tx.run("set local enable_seqscan = off")
                return try await tx.run(Column<String>("plan")) { _ in
                    "explain select 1 from doctor where search_text like '%chen%'"
                }
            }
            #expect(plan.contains { $0.contains("doctor_search") })
        }
    }
}
