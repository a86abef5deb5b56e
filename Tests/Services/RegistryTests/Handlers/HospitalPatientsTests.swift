import API
import JSON
import Kernel
import Postgres
import Registry
import Testing

@Suite struct HospitalPatientsTests {
    /// Four patients who were at the hospital: one who registered, three it keeps; and one it keeps who was not there.
    private static func people(_ w: World, of hospital: Caller) async throws -> [String] {
        var ids = [try #require(try await w.registerPatient()["patient_id"]?.string)]
        for name in ["Amina", "Bilal", "Zoë", "Nobody"] {
            w.clock.pass(.seconds(1))
            let body: JSONValue = [
                "first_name": .string(name), "last_name": "Khan", "phone": "+923001112233", "allergies": "Penicillin",
            ]
            ids.append(try await w.ask("createPatient", as: hospital, body).id)
        }
        ids.removeLast()
        let seen = ids.compactMap { ID<Patient>($0) }
        w.appointments.set { $0.patients = seen }
        return ids
    }

    @Test func `a hospital lists who visits it, and each that is shown leaves a row of who saw it`() async throws {
        try await withWorld { w in
            let (_, own) = try await w.approvedHospital(1)
            let ids = try await Self.people(w, of: own)
            let listed = try await w.ask("listHospitalPatients", as: own)
            #expect(listed.frame?.total == 4)
            #expect(Set(listed.json.array?.compactMap { $0["id"]?.string } ?? []) == Set(ids))
            let amina = try #require(listed.json.array?.first { $0["first_name"] == "Amina" })
            #expect(amina["full_name"] == "Amina Khan" && amina["phone"] == "+923001112233")
            #expect(amina["patient_id"] == amina["id"] && amina["allergies"] == nil)
            let rows = try await w.actions().filter { $0.hasPrefix("patient.read") }
            #expect(Set(rows) == Set(ids.map { "patient.read patient/\($0)" }))
        }
    }

    @Test func `the list is searched by name, and walked by page and by cursor`() async throws {
        try await withWorld { w in
            let (_, own) = try await w.approvedHospital(1)
            let ids = try await Self.people(w, of: own)
            func asked(_ query: [(name: String, value: String)]) async throws -> World.Heard {
                try await w.ask("listHospitalPatients", as: own, query: query)
            }
            let found = try await asked([("search", "zoe khan")])
            #expect(found.frame?.total == 1 && found.json.array?.first?["first_name"] == "Zoë")
            #expect(try await asked([("search", "nobody")]).frame?.total == 0)
            let second = try await asked([("page", "2"), ("page_size", "3")])
            #expect(second.frame?.total == 4 && second.json.array?.count == 1)
            var (walked, cursor): ([String], String?) = ([], "")
            while let next = cursor {
                let part = try await asked([("cursor", next), ("page_size", "3")])
                walked += part.json.array?.compactMap { $0["id"]?.string } ?? []
                cursor = part.frame?.nextCursor
            }
            #expect(walked == ids.sorted())
            let before = w.appointments.seen.asked
            _ = try await asked([("cursor", ""), ("page_size", "3")])
            // A part of the list costs one question, of no more ids than it shows.
            #expect(w.appointments.seen.asked == before + [4])
            (walked, cursor) = ([], "")
            while let next = cursor {
                let part = try await asked([("cursor", next), ("page_size", "1"), ("search", "khan")])
                walked += part.json.array?.compactMap { $0["id"]?.string } ?? []
                cursor = part.frame?.nextCursor
            }
            #expect(walked == Array(ids.dropFirst()).sorted())
        }
    }

    @Test func `who visits whom is asked of scheduling: without it there is no list`() async throws {
        try await withWorld { w in
            let (_, own) = try await w.approvedHospital(1)
            w.appointments.set { $0.isAway = true }
            let refused = await World.refusal { _ = try await w.ask("listHospitalPatients", as: own) }
            #expect(refused == .serviceUnavailable)
        }
    }
}
