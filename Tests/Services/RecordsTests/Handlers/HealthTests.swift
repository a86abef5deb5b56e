import JSON
import Kernel
import Postgres
import Records
import RecordsDomain
import Testing

struct HealthTests {
    @Test func `what a patient writes down a doctor with a grant reads`() async throws {
        try await withWorld { world async throws in
            let empty = try await world.health(as: world.ada)
            #expect(empty["allergies_known"]?.string == "unknown" && empty["updated_at"]?.string == nil)
            let body: JSONValue = ["allergies": ["Penicillin", "latex"], "current_medications": "Metformin ½ tablet"]
            let kept = try await world.write(body, as: world.ada)
            #expect(kept["allergies"]?.string == "Penicillin\nlatex" && kept["allergies_known"]?.string == "recorded")
            #expect(await world.refusal(.readHealth, world.adasRecord, as: world.emily) == .accessRequired)
            try await world.grant(.otp, on: world.adasRecord, to: world.emily)
            let read = try await world.health(as: world.emily)
            #expect(read["current_medications"]?.string == "Metformin ½ tablet")
            #expect(try await world.rows(of: world.adasRecord).contains("health_written self"))
        }
    }

    @Test func `a text stays as it was written, composed and not made alike`() async throws {
        try await withWorld { world async throws in
            let written = "Caf\u{65}\u{301}ine ½ tablet, 5 \u{B5}g, ﬁve ①"
            _ = try await world.write(["current_medications": .string(written)], as: world.ada)
            let read = try await world.health(as: world.ada)["current_medications"]?.string
            #expect(read.map { Array($0.utf8) } == Array("Caf\u{E9}ine ½ tablet, 5 \u{B5}g, ﬁve ①".utf8))
        }
    }

    @Test func `a doctor with a current visit writes, and each writing leaves a row`() async throws {
        try await withWorld { world async throws in
            world.people.visit(
                world.adasRecord, of: world.ada, with: world.emily, .confirmed, changed: world.clock.now)
            for allergies in ["Penicillin", "Penicillin, latex"] {
                _ = try await world.write(["allergies": .string(allergies)], as: world.emily)
            }
            let rows = try await world.rows(of: world.adasRecord)
            #expect(rows == ["health_written appointment", "health_written appointment"])
        }
    }

    @Test(arguments: ["none", "NKDA", "no known allergies", "-"])
    func `words for none are none`(words: String) async throws {
        #expect(HealthRecord(allergies: words).allergiesKnown == .none)
        #expect(HealthRecord(allergies: "Penicillin, \(words)").allergiesKnown == .recorded)
    }

    @Test func `what contradicts itself is refused`() async throws {
        try await withWorld { world async throws in
            let bodies: [JSONValue] = [
                ["allergies": "Penicillin", "allergies_known": "none"], ["allergies_known": "recorded"],
                ["allergies": "none", "allergies_known": "recorded"],
            ]
            for body in bodies {
                let problem = await world.writeProblem(body, as: world.ada)
                #expect(problem?.errors.map(\.field) == ["allergies_known"])
            }
        }
    }

    @Test func `broken glass reads and does not write`() async throws {
        try await withWorld { world async throws in
            try await world.grant(.breakGlass, on: world.adasRecord, to: world.emily)
            #expect(try await world.health(as: world.emily).status == 200)
            #expect(await world.writeProblem(["allergies": "none"], as: world.emily)?.code == .accessRequired)
        }
    }

    @Test func `advice heeds what is written down of a patient, and a doctor's patient with a right alone`()
        async throws
    {
        try await withWorld { world async throws in
            _ = try await world.write(["allergies": "Paracetamol"], as: world.ada)
            let own = try await world.recommend("fever", as: world.ada)
            #expect(!own.names.contains("Paracetamol") && own.excluded.contains("Paracetamol"))
            let body: JSONValue = [
                "symptoms": "fever", "age": 40, "allergies": "none", "current_medications": "none",
                "patient_id": .string(world.adasRecord.description),
            ]
            let refused = await #expect(throws: Problem.self) {
                _ = try await world.ask("recommendMedicines", as: world.emily, body)
            }
            #expect(refused?.code == .accessRequired)
            try await world.grant(.otp, on: world.adasRecord, to: world.emily)
            let answer = try await world.ask("recommendMedicines", as: world.emily, body)
            #expect(!answer.names.contains("Paracetamol"))
        }
    }

    @Test func `what is written down here is checked when a doctor prescribes`() async throws {
        try await withWorld { world async throws in
            _ = try await world.write(["allergies": "Penicillin"], as: world.ada)
            let told = try await world.prescribe()
            #expect(told.codes.contains("allergy"))
        }
    }

    @Test func `no word of it stands in the database in the clear`() async throws {
        try await withWorld { world async throws in
            _ = try await world.write(["allergies": "canaryxyz"], as: world.ada)
            let rows = try await world.database.read(Column<String>("encode(sealed, 'escape')"), as: .service) {
                "select \($0) from patient_health"
            }
            #expect(rows.count == 1 && rows.allSatisfy { !$0.contains("canaryxyz") })
        }
    }
}

extension World {
    func health(as caller: Caller) async throws -> Heard {
        try await ask("getPatientHealth", as: caller, path: ["id": adasRecord.description])
    }

    func write(_ body: JSONValue, as caller: Caller) async throws -> Heard {
        try await ask("replacePatientHealth", as: caller, body, path: ["id": adasRecord.description])
    }

    func writeProblem(_ body: JSONValue, as caller: Caller) async -> Problem? {
        do { _ = try await write(body, as: caller) } catch { return error as? Problem }
        return nil
    }
}
