import API
import Kernel
import Postgres
import Registry
import RegistryDomain
import Testing

@Suite struct MappingStoreTests {
    func doctor(_ f: Fixture, _ number: Int = 0) async throws -> DoctorEntry {
        try await f.add(
            DoctorDetails(firstName: "D\(number)", lastName: "X", specialization: .general), by: f.bob,
            after: Int64(number))
    }

    @Test func `a patient's doctors are shown to its keeper alone, the primary one first`() async throws {
        try await withRegistry { f in
            let patient = try await f.add(.canary, by: f.alice)
            let (one, two) = (try await doctor(f, 1), try await doctor(f, 2))
            try await f.assign(one, to: patient, notes: "Since 2020")
            let primary = try await f.assign(two, to: patient, primary: true)
            let shown = try await f.mappings.all(of: patient.id, for: f.alice)
            #expect(shown.map(\.doctor) == [two, one])
            #expect(shown.map(\.mapping.notes) == [nil, "Since 2020"])
            #expect(shown.first?.mapping == primary)
            #expect(try await f.mappings.all(of: patient.id, for: f.bob).isEmpty)
            #expect(try await f.mappings.all(of: patient.id, for: f.admin).isEmpty)
            let removed = try await f.database.transaction(as: f.scope(f.bob)) { tx in
                try await f.mappings.remove(primary.id, for: f.bob, in: tx)
            }
            #expect(removed == nil)
        }
    }

    @Test func `the same doctor twice is a duplicate`() async throws {
        try await withRegistry { f in
            let patient = try await f.add(.canary, by: f.alice)
            let doctor = try await doctor(f)
            try await f.assign(doctor, to: patient)
            await #expect(throws: CareMapping.isDuplicate) { try await f.assign(doctor, to: patient) }
        }
    }

    @Test func `fifty who want to be primary at once leave one`() async throws {
        try await withRegistry { f in
            let patient = try await f.add(.canary, by: f.alice)
            var doctors: [DoctorEntry] = []
            for number in 0..<50 { doctors.append(try await doctor(f, number)) }
            let refused = await withTaskGroup(of: Problem?.self) { [doctors] tasks in
                for doctor in doctors {
                    tasks.addTask {
                        do {
                            try await f.assign(doctor, to: patient, primary: true)
                            return nil
                        } catch { return (error as? Problem) ?? .internalError }
                    }
                }
                return await tasks.reduce(into: [Problem]()) { if let problem = $1 { $0.append(problem) } }
            }
            #expect(refused.count == 49 && refused.allSatisfy { $0 == CareMapping.hasPrimary })
            #expect(try await f.mappings.all(of: patient.id, for: f.alice).count == 1)
        }
    }

    @Test func `the constraint alone keeps a second primary out`() async throws {
        try await withRegistry { f in
            let patient = try await f.add(.canary, by: f.alice)
            try await f.assign(try await doctor(f, 1), to: patient, primary: true)
            let other = try await doctor(f, 2)
            let refused = await #expect(throws: DatabaseError.self) {
                try await f.database.run(
                    """
                    insert into mapping (mapping_id, patient_id, owner_id, doctor_id, is_primary, assigned_at)
                    values (gen_random_uuid(), \(patient.id), \(patient.owner), \(other.id), true, now())
                    """, as: f.scope(f.alice))
            }
            #expect(refused?.constraint == "mapping_one_primary")
        }
    }

    @Test func `nobody can map another's patient, even past the code`() async throws {
        try await withRegistry { f in
            let patient = try await f.add(.canary, by: f.alice)
            let doctor = try await doctor(f)
            let refused = await #expect(throws: DatabaseError.self) {
                try await f.database.run(
                    """
                    insert into mapping (mapping_id, patient_id, owner_id, doctor_id, is_primary, assigned_at)
                    values (gen_random_uuid(), \(patient.id), \(f.bob.account), \(doctor.id), false, now())
                    """, as: f.scope(f.bob))
            }
            #expect(refused?.constraint == "mapping_patient")
        }
    }

    @Test func `filters and pages of the list`() async throws {
        try await withRegistry { f in
            let (jane, john) = (
                try await f.add(.named("Jane", "X"), by: f.alice), try await f.add(.named("John", "X"), by: f.alice)
            )
            let (one, two) = (try await doctor(f, 1), try await doctor(f, 2))
            try await f.assign(one, to: jane, primary: true)
            try await f.assign(two, to: jane)
            try await f.assign(one, to: john)
            func count(_ query: MappingsQuery) async throws -> Int? {
                let page = try await f.mappings.list(query, for: f.alice)
                #expect(page.items.count == page.total)
                return page.total
            }
            #expect(try await count(MappingsQuery()) == 3)
            #expect(try await count(MappingsQuery(patient: jane.id)) == 2)
            #expect(try await count(MappingsQuery(doctor: one.id)) == 2)
            #expect(try await count(MappingsQuery(isPrimary: true)) == 1)
            #expect(try await count(MappingsQuery(patient: john.id, isPrimary: true)) == 0)
            #expect(try await f.mappings.list(MappingsQuery(), for: f.bob).total == 0)
            let first = try await f.mappings.list(
                MappingsQuery(page: PageRequest(position: .after(nil), size: 2)), for: f.alice)
            let rest = try await f.mappings.list(
                MappingsQuery(page: PageRequest(position: .after(first.nextCursor), size: 2)), for: f.alice)
            #expect(Set((first.items + rest.items).map(\.mapping.id)).count == 3 && rest.nextCursor == nil)
        }
    }

    @Test func `mappings go with their patient and with their doctor`() async throws {
        try await withRegistry { f in
            let (jane, john) = (
                try await f.add(.named("Jane", "X"), by: f.alice), try await f.add(.named("John", "X"), by: f.alice)
            )
            let (one, two) = (try await doctor(f, 1), try await doctor(f, 2))
            try await f.assign(one, to: jane)
            try await f.assign(two, to: jane)
            try await f.assign(two, to: john)
            try await f.database.transaction(as: f.scope(f.bob)) { tx in try await f.doctors.remove(one.id, in: tx) }
            #expect(try await f.mappings.all(of: jane.id, for: f.alice).map(\.doctor.id) == [two.id])
            try await f.database.transaction(as: f.scope(f.alice)) { tx in try await f.patients.remove(jane, in: tx) }
            #expect(try await f.mappings.list(MappingsQuery(), for: f.alice).items.map(\.mapping.patient) == [john.id])
            #expect(try await f.patients.find(jane.id, for: f.alice) == nil)
        }
    }
}
