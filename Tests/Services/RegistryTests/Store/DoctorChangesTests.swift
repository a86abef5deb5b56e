import Kernel
import Postgres
import Registry
import RegistryDomain
import Testing

/// The number by which pages of the directory are known to be as they were (migration 22).
@Suite struct DoctorChangesTests {
    private func doctor(_ name: String) -> DoctorDetails {
        DoctorDetails(firstName: name, lastName: "C", specialization: .surgery, isAvailable: true)
    }

    @Test func `each change of a doctor makes the number larger, and nothing else does`() async throws {
        try await withRegistry { f in
            var last = try await f.doctors.changes(for: f.bob)
            #expect(last == 0)
            func grew(_ comment: Comment, by change: () async throws -> Void) async throws {
                try await change()
                let now = try await f.doctors.changes(for: f.bob)
                #expect(now > last, comment)
                last = now
            }
            try await grew("added") { try await f.add(doctor("A"), by: f.alice) }
            try await grew("added again") { try await f.add(doctor("B"), by: f.alice, after: 1) }
            for change in [
                "update doctor set phone = '1'", "update doctor set is_active = false where first_name = 'A'",
                "delete from doctor where first_name = 'A'",
            ] as [SQL] {
                try await grew("\(change.text)") { try await f.database.run(change, as: f.scope(f.alice)) }
            }
            for nothing in [
                "update doctor set account_active = false where account_id is not null",
                "delete from doctor where false",
                "insert into doctor (doctor_id) select doctor_id from doctor where false",
            ] as [SQL] {
                try await f.database.run(nothing, as: f.scope(f.alice))
                #expect(try await f.doctors.changes(for: f.bob) == last, "\(nothing.text)")
            }
        }
    }

    @Test func `a change counts when it is committed, and not when it is undone`() async throws {
        try await withRegistry { f in
            try await f.add(doctor("A"), by: f.alice)
            let before = try await f.doctors.changes(for: f.bob)
            struct Undone: Error {}
            await #expect(throws: Undone.self) {
                try await f.database.transaction(as: f.scope(f.alice)) { tx in
                    try await tx.run("update doctor set phone = '1'")
                    #expect(try await f.doctors.changes(for: f.bob) == before)
                    throw Undone()
                }
            }
            #expect(try await f.doctors.changes(for: f.bob) == before)
        }
    }

    @Test func `the service cannot write the number`() async throws {
        try await withRegistry { f in
            try await f.add(doctor("A"), by: f.alice)
            #expect(
                try await f.database.run("update doctor_changes set changes = 0", as: f.scope(f.admin)).affected == 0)
            #expect(try await f.doctors.changes(for: f.bob) > 0)
        }
    }
}
