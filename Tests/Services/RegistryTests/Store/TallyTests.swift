import API
import Kernel
import Postgres
import Registry
import RegistryDomain
import Testing

/// The numbers of doctors and of mappings are kept, not counted; they are the same (migration 17).
@Suite struct TallyTests {
    /// Each way to narrow a list of doctors, with the total it says and the rows it has.
    private func expectExact(_ f: Fixture, _ comment: Comment) async throws {
        for specialization in [nil, Specialization.cardiology, .neurology] {
            for city in [nil, "OSLO", "Bergen", "Nowhere"] {
                for isAvailable in [nil, true, false] {
                    var query = DoctorsQuery(page: .init(size: 50))
                    query.specialization = specialization
                    query.city = city
                    query.isAvailable = isAvailable
                    let page = try await f.doctors.list(query, for: f.bob)
                    #expect(page.total == page.items.count, comment)
                }
            }
        }
    }

    private func doctor(_ number: Int) -> DoctorDetails {
        var details = DoctorDetails(
            firstName: "E\(number)", lastName: "C", specialization: number.isMultiple(of: 2) ? .cardiology : .neurology,
            isAvailable: number.isMultiple(of: 3))
        details.city = [nil, "Oslo", "Bergen"][number % 3]
        return details
    }

    @Test func `doctors that are added, changed, unlisted and deleted are in every number`() async throws {
        try await withRegistry { f in
            for number in 0..<12 { try await f.add(doctor(number), by: f.alice, after: Int64(number)) }
            try await expectExact(f, "added")
            #expect(try await f.doctors.list(.init(page: .init(size: 1)), for: f.bob).total == 12)
            for change in [
                "update doctor set city = 'Oslo' where specialization = 'cardiology'",
                "update doctor set specialization = 'neurology', is_available = not is_available where city = 'Oslo'",
                "update doctor set city = null where last_name = 'C' and is_available",
                "update doctor set is_active = false where city = 'Bergen'", "update doctor set is_active = true",
                "update doctor set phone = '1'", "delete from doctor where specialization = 'cardiology'",
            ] as [SQL] {
                try await f.database.run(change, as: f.scope(f.alice))
                try await expectExact(f, "\(change.text)")
            }
            struct Undone: Error {}
            await #expect(throws: Undone.self) {
                try await f.database.transaction(as: f.scope(f.alice)) { tx in
                    try await tx.run("delete from doctor")
                    throw Undone()
                }
            }
            try await expectExact(f, "undone")
        }
    }

    @Test func `a doctor who goes takes the mappings of all tenants out of their numbers`() async throws {
        try await withRegistry { f in
            let one = try await f.add(doctor(1), by: f.alice)
            let two = try await f.add(doctor(2), by: f.alice, after: 1)
            for (number, keeper) in [f.alice, f.alice, f.bob].enumerated() {
                let patient = try await f.add(.named("P", "X"), by: keeper, after: Int64(number))
                try await f.assign(one, to: patient, primary: true)
                try await f.assign(two, to: patient)
            }
            #expect(try await totals(f, f.alice, one, two) == [4, 2, 2, 2, 2, 2, 0])
            #expect(try await totals(f, f.bob, one, two) == [2, 1, 1, 1, 1, 1, 0])
            try await f.database.transaction(as: f.scope(f.alice)) { tx in try await f.doctors.remove(one.id, in: tx) }
            #expect(try await totals(f, f.alice, one, two) == [2, 0, 2, 0, 0, 2, 0])
            #expect(try await totals(f, f.bob, one, two) == [1, 0, 1, 0, 0, 1, 0])
            try await f.database.run("delete from patient", as: f.scope(f.alice))
            #expect(try await totals(f, f.alice, one, two) == [0, 0, 0, 0, 0, 0, 0])
            #expect(try await totals(f, f.bob, one, two) == [1, 0, 1, 0, 0, 1, 0])
        }
    }

    private func totals(_ f: Fixture, _ caller: Caller, _ doctors: DoctorEntry...) async throws -> [Int?] {
        var totals: [Int?] = []
        for doctor in [nil] + doctors.map({ Optional($0.id) }) {
            for isPrimary in doctor == nil ? [nil, true, false] : [nil, true] {
                totals.append(
                    try await f.mappings.list(.init(doctor: doctor, isPrimary: isPrimary), for: caller).total)
            }
        }
        return totals
    }

    @Test func `the service reads its tenant's numbers and writes none`() async throws {
        try await withRegistry { f in
            let entry = try await f.add(doctor(1), by: f.alice)
            try await f.assign(entry, to: try await f.add(.named("P", "X"), by: f.alice))
            let seen = try await f.database.read(Column<Int>("1"), as: f.scope(f.bob)) {
                "select \($0) from mapping_tally"
            }
            #expect(seen.isEmpty)
            for change in ["update mapping_tally set mappings = 9", "delete from doctor_tally"] as [SQL] {
                #expect(try await f.database.run(change, as: f.scope(f.alice)).affected == 0)
            }
            await #expect(throws: DatabaseError.self) {
                try await f.database.run(
                    "insert into doctor_tally values ('{}', '{}', true, 0, 1) on conflict do nothing",
                    as: f.scope(f.alice))
            }
        }
    }
}
