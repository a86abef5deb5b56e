import API
import JSON
import Kernel
import RecordsDomain
import TestSupport
import Testing

struct SummariesTests {
    @Test func `the patient and whom they let in see all that is known on one page`() async throws {
        try await withWorld { world async throws in
            _ = try await world.write(["allergies": "Penicillin", "medical_history": "Asthma"], as: world.ada)
            world.prescribing.set { $0.health.fullName = "Ada Lovelace" }
            let written = try await world.prescribe(nil, as: nil, ["override_reason": .string("Tolerated before")]).id
            let report = try #require(try await world.upload()["id"]?.string)
            try await world.grant(.otp, on: world.adasRecord, to: world.raj)
            for reader in [world.ada, world.raj] {
                let page = try await world.summary(as: reader)
                #expect(page["patient"]?["full_name"]?.string == "Ada Lovelace")
                #expect(page["allergies"]?.array?.map(\.string) == ["Penicillin", "none"])
                #expect(page["allergies_known"]?.string == "recorded" && page["problems"]?.array?.count == 1)
                #expect(page["prescriptions"]?.array?.map { $0["id"]?.string } == [written])
                #expect(page["reports"]?.array?.map { $0["id"]?.string } == [report])
                #expect(page["appointments"]?.array?.count == 1 && page["incomplete"]?.array == [])
            }
            #expect(try await world.rows(of: world.adasRecord).contains("summary_read otp_grant"))
        }
    }

    @Test func `a visit, a hospital and others open no summary`() async throws {
        try await withWorld { world async throws in
            _ = try await world.prescribe()
            let refused: [(Caller, Problem.Code)] = [
                (world.emily, .accessRequired), (world.raj, .accessRequired), (world.eve, .notFound),
                (world.hospital, .forbidden), (world.admin, .forbidden),
            ]
            for (caller, code) in refused { #expect(await world.code { try await world.summary(as: caller) } == code) }
        }
    }

    @Test func `a registry of the release before, which gives no name, leaves the page whole`() async throws {
        try await withWorld { world async throws in
            let answer: JSONValue = ["allergies": "Latex", "current_medications": .null, "medical_history": .null]
            let health = try #require(PatientHealthView(answer))
            world.prescribing.set { $0.health = health }
            let page = try await world.summary(as: world.ada)
            #expect(page["patient"]?["full_name"] == .null && page["incomplete"]?.array == [])
            #expect(page["allergies"]?.array?.map(\.string) == ["Latex"])
        }
    }

    @Test func `who does not answer is named, and the rest is shown`() async throws {
        try await withWorld { world async throws in
            _ = try await world.write(["allergies": "Penicillin"], as: world.ada)
            world.prescribing.set { $0.isRegistryAway = true }
            let page = try await world.summary(as: world.ada)
            #expect(
                page["incomplete"]?.array?.map(\.string) == ["patient", "allergies", "medications", "problems"])
            #expect(page["allergies"]?.array?.map(\.string) == ["Penicillin"])
            #expect(page["patient"]?["id"]?.string == world.adasRecord.description)
        }
    }
}

extension World {
    func summary(as caller: Caller) async throws -> Heard {
        try await ask("getPatientSummary", as: caller, path: ["id": adasRecord.description])
    }
}
