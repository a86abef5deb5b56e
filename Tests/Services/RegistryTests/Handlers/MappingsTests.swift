import API
import JSON
import Kernel
import Testing

@Suite struct MappingsTests {
    func doctor(_ w: World, _ last: String) async throws -> String {
        try await w.ask(
            "createDoctor", as: w.bob, ["first_name": "Emily", "last_name": .string(last), "specialization": "other"]
        ).id
    }

    func mapping(_ patient: String, _ doctor: String, primary: Bool = false, notes: String? = nil) -> JSONValue {
        [
            "patient": .string(patient), "doctor": .string(doctor), "is_primary": .bool(primary),
            "notes": notes.map { .string($0) } ?? .null,
        ]
    }

    @Test func `a patient's doctors stand beside success, as seed 002 shows them`() async throws {
        try await withWorld { w in
            let patient = try await w.ask("createPatient", World.jane).id
            let (chen, young) = (try await doctor(w, "Chen"), try await doctor(w, "Young"))
            let made = try await w.ask(
                "createMapping", mapping(patient, chen, primary: true, notes: "Primary care physician"))
            #expect(made.status == 201 && made.location == "/api/mappings/detail/\(made.id)")
            w.clock.pass(.seconds(1))
            _ = try await w.ask("createMapping", mapping(patient, young))
            let shown = try await w.ask("getPatientDoctors", id: patient)
            #expect(shown.json.object?.map(\.key) == ["patient", "count", "data"])
            #expect(shown["patient"] == ["id": .string(patient), "full_name": "Jane Smith"])
            #expect(shown["count"] == 2)
            let first = try #require(shown["data"]?.array?.first)
            #expect(first == made.json)
            #expect(first["patient"] == .string(patient) && first["doctor"] == .string(chen))
            #expect(first["doctor_detail"]?["display_name"] == "Dr. Emily Chen" && first["is_primary"] == true)
            #expect(first["notes"] == "Primary care physician" && first["assigned_at"]?.string?.hasSuffix("Z") == true)
        }
    }

    @Test func `what is not there, or not one's own, cannot be mapped`() async throws {
        try await withWorld { w in
            let patient = try await w.ask("createPatient", World.jane).id
            let doctor = try await doctor(w, "Chen")
            let nobody = ID<Patient>.make(at: w.clock.now).description
            let attempts: [(Caller, String, String)] = [
                (w.bob, patient, doctor), (w.admin, patient, doctor), (w.alice, nobody, doctor),
                (w.alice, patient, nobody),
            ]
            for (caller, patient, doctor) in attempts {
                let problem = await #expect(throws: Problem.self) {
                    try await w.ask("createMapping", as: caller, mapping(patient, doctor))
                }
                #expect(problem?.code == .notFound)
            }
            let wrong = await #expect(throws: Problem.self) { try await w.ask("createMapping", ["patient": 1]) }
            #expect(wrong?.errors.map(\.field) == ["patient", "doctor"])
        }
    }

    @Test func `twice the same is a duplicate, a second primary a conflict until the first is removed`() async throws {
        try await withWorld { w in
            let patient = try await w.ask("createPatient", World.jane).id
            let (chen, young) = (try await doctor(w, "Chen"), try await doctor(w, "Young"))
            let made = try await w.ask("createMapping", mapping(patient, chen, primary: true))
            let twice = await #expect(throws: Problem.self) { try await w.ask("createMapping", mapping(patient, chen)) }
            #expect(twice?.code == .duplicate)
            let second = await #expect(throws: Problem.self) {
                try await w.ask("createMapping", mapping(patient, young, primary: true))
            }
            #expect(second?.code == .conflict)
            _ = try await w.ask("deleteMapping", id: made.id)
            _ = try await w.ask("createMapping", mapping(patient, young, primary: true))
            #expect(
                try await w.events().suffix(3) == [
                    "registry.mapping_created.v1", "registry.mapping_deleted.v1", "registry.mapping_created.v1",
                ])
        }
    }

    @Test(arguments: ["deleteMapping", "deleteMappingDetail"])
    func `both paths end a mapping of one's own and nobody else's`(name: String) async throws {
        try await withWorld { w in
            let patient = try await w.ask("createPatient", World.jane).id
            let made = try await w.ask("createMapping", mapping(patient, try await doctor(w, "Chen")))
            await #expect(throws: Problem.notFound) { try await w.ask(name, as: w.bob, id: made.id) }
            await #expect(throws: Problem.notFound) { try await w.ask(name, id: patient) }
            _ = try await w.ask(name, id: made.id)
            await #expect(throws: Problem.notFound) { try await w.ask(name, id: made.id) }
            #expect(try await w.ask("getPatientDoctors", id: patient)["count"] == 0)
        }
    }

    @Test func `the list is one's own, filtered as asked`() async throws {
        try await withWorld { w in
            let patient = try await w.ask("createPatient", World.jane).id
            let (chen, young) = (try await doctor(w, "Chen"), try await doctor(w, "Young"))
            _ = try await w.ask("createMapping", mapping(patient, chen, primary: true, notes: "x"))
            _ = try await w.ask("createMapping", mapping(patient, young))
            func total(_ query: (name: String, value: String)...) async throws -> Int? {
                try await w.ask("listMappings", query: query).frame?.total
            }
            #expect(try await total() == 2)
            #expect(try await total(("patient_id", patient)) == 2)
            #expect(try await total(("doctor_id", chen)) == 1)
            #expect(try await total(("is_primary", "true")) == 1)
            #expect(try await total(("is_primary", "false"), ("doctor_id", chen)) == 0)
            #expect(try await w.ask("listMappings", as: w.bob).frame?.total == 0)
            await #expect(throws: Problem.self) { try await total(("patient_id", "7")) }
        }
    }

    @Test func `a hospital's doctor who is shut out cannot be mapped; who was mapped before stays`() async throws {
        try await withWorld { w in
            let (_, own) = try await w.approvedHospital(1)
            let department = try await w.department(of: own)
            let doctor = try await w.ask("createHospitalDoctor", as: own, try World.doctor(in: department)).id
            let before = try await w.ask("createPatient", World.jane).id
            _ = try await w.ask("createMapping", mapping(before, doctor))
            _ = try await w.ask("changeHospitalDoctor", as: own, id: doctor, ["is_active": false])
            let patient = try await w.ask("createPatient", World.jane).id
            let refused = await World.refusal { _ = try await w.ask("createMapping", mapping(patient, doctor)) }
            #expect(refused == .notFound)
            #expect(try await w.ask("getPatientDoctors", id: before)["count"] == 1)
            _ = try await w.ask("changeHospitalDoctor", as: own, id: doctor, ["is_active": true])
            #expect(try await w.ask("createMapping", mapping(patient, doctor)).status == 201)
        }
    }
}
