import API
import Kernel
import Lifecycle
import Observability
import Postgres
import Registry
import RegistryDomain
import Testing

/// One row of a list does not open: a changed byte, or somebody has written past the service.
@Suite struct BrokenRowTests {
    @Test func `a record that does not open keeps no other from lists and searches, and the log names it`()
        async throws
    {
        try await withRegistry { f in
            var records: [PatientRecord] = []
            for number in 0..<4 {
                records.append(try await f.add(.named("Jane\(number)", "Smith"), by: f.alice, after: Int64(number)))
            }
            let broken = records.remove(at: 2)
            try await f.database.run(
                "update patient set sealed = '\\x00' where patient_id = \(broken.id)", as: f.scope(f.alice))
            let whole = Array(records.reversed())
            let (lines, sink) = Self.log()
            try await LogSink.$override.withValue(sink) {
                let all = try await f.patients.list(PatientsQuery(), for: f.alice)
                #expect(all.items == whole && all.total == 4)
                let found = try await f.patients.list(PatientsQuery(search: "smith"), for: f.alice)
                #expect(found.items == whole && found.total == 4)
            }
            for search in [nil, "smith"] {
                let walked = try await Self.walked { page in
                    try await f.patients.list(PatientsQuery(search: search, page: page), for: f.alice)
                }
                #expect(walked == whole)
            }
            let said = lines.withLock { $0 }
            #expect(said.count == 2)
            for line in said {
                #expect(line.contains(#""level":"error""#) && line.contains(broken.id.description))
                #expect(!line.contains("Jane") && !line.contains("Smith"))
            }
            await #expect(throws: (any Error).self) { try await f.patients.find(broken.id, for: f.alice) }
        }
    }

    @Test func `a key that does not open keeps no other account's records from lists and searches of its tenant`()
        async throws
    {
        try await withRegistry { f in
            let colleague = Caller(
                account: ID(high: 0xA, low: 9), role: .staff, tenant: f.alice.tenant, session: f.alice.session)
            let whole = try await f.add(.named("Jane", "Whole"), by: f.alice)
            try await f.add(.named("Jane", "Broken"), by: colleague, after: 1)
            try await f.database.run(
                "update data_key set wrapped = '\\x00' where owner_id = \(colleague.account)", as: f.scope(colleague))
            // Of a process that does not remember the key.
            let vault = try await Vault.open(f.database, sealer: Fixture.sealer())
            let patients = PatientStore(database: f.database, vault: vault)
            for search in [nil, "jane"] {
                #expect(try await patients.list(PatientsQuery(search: search), for: f.alice).items == [whole])
            }
        }
    }

    @Test func `a mapping whose notes do not open keeps no other from a patient's doctors`() async throws {
        try await withRegistry { f in
            let patient = try await f.add(.named("Jane", "Smith"), by: f.alice)
            var mappings: [CareMapping] = []
            for number in 0..<3 {
                let doctor = try await f.add(
                    DoctorDetails(firstName: "D\(number)", lastName: "X", specialization: .general), by: f.bob,
                    after: Int64(number))
                mappings.append(try await f.assign(doctor, to: patient, notes: "Notes"))
            }
            let broken = mappings.remove(at: 1)
            try await f.database.run(
                "update mapping set sealed_notes = '\\x00' where mapping_id = \(broken.id)", as: f.scope(f.alice))
            let whole = Set(mappings.map(\.id))
            #expect(Set(try await f.mappings.all(of: patient.id, for: f.alice).map(\.mapping.id)) == whole)
            #expect(Set(try await f.mappings.list(MappingsQuery(), for: f.alice).items.map(\.mapping.id)) == whole)
            let walked = try await Self.walked { try await f.mappings.list(MappingsQuery(page: $0), for: f.alice) }
            #expect(Set(walked.map(\.mapping.id)) == whole)
        }
    }

    /// Everything a list has, by its cursor, two rows at a time.
    private static func walked<Item: Sendable>(
        _ list: (PageRequest) async throws -> Page<Item>
    ) async throws -> [Item] {
        var items: [Item] = []
        var cursor: String?
        repeat {
            let page = try await list(PageRequest(position: .after(cursor), size: 2))
            items += page.items
            cursor = page.nextCursor
        } while cursor != nil
        return items
    }

    private static func log() -> (Locked<[String]>, LogSink) {
        let lines = Locked<[String]>([])
        let sink = LogSink(service: "registry") { line in
            lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
            return true
        }
        return (lines, sink)
    }
}
