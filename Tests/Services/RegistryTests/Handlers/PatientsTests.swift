import API
import JSON
import Kernel
import Registry
import Testing

@Suite struct PatientsTests {
    @Test func `seed 001's five fields make a patient, and come back first in its order`() async throws {
        try await withWorld { w in
            let made = try await w.ask("createPatient", World.jane)
            #expect(made.status == 201 && made.version == 1 && made.location == "/api/patients/\(made.id)")
            let keys = try #require(made.json.object).map(\.key)
            #expect(
                Array(keys.prefix(8)) == [
                    "id", "first_name", "last_name", "email", "date_of_birth", "phone", "created_at", "updated_at",
                ])
            #expect(made["phone"] == "+1234567890" && made["full_name"] == "Jane Smith" && made["gender"] == .null)
            let shown = try await w.ask("getPatient", id: made.id)
            #expect(shown.json == made.json && shown.version == 1)
        }
    }

    @Test func `the documented example works as it stands, in every field`() async throws {
        try await withWorld { w in
            let example = try World.example(PatientBody.self)
            let made = try await w.ask("createPatient", example)
            for member in try #require(example.object) { #expect(made[member.key] == member.value) }
        }
    }

    @Test(arguments: [
        ("F", "F"), ("f", "F"), ("female", "F"), ("MALE", "M"), ("Prefer not to say", "N"), ("prefer_not_to_say", "N"),
    ])
    func `gender takes words and answers its code`(given: String, code: String) async throws {
        try await withWorld { w in
            let body: JSONValue = ["first_name": "A", "last_name": "B", "gender": .string(given)]
            let made = try await w.ask("createPatient", body)
            #expect(made["gender"] == .string(code))
        }
    }

    @Test func `all wrong fields are told at once`() async throws {
        try await withWorld { w in
            let problem = await #expect(throws: Problem.self) {
                try await w.ask(
                    "createPatient",
                    [
                        "last_name": " ", "email": "nope", "phone": "call me", "date_of_birth": "1990-02-30",
                        "gender": "X", "blood_group": "C+",
                    ])
            }
            #expect(
                problem?.errors.map(\.field) == [
                    "first_name", "last_name", "email", "phone", "date_of_birth", "gender", "blood_group",
                ])
            let future = await #expect(throws: Problem.self) {
                try await w.ask("createPatient", ["first_name": "A", "last_name": "B", "date_of_birth": "2030-01-01"])
            }
            #expect(future?.errors.map(\.field) == ["date_of_birth"])
        }
    }

    @Test func `blanks of a web form are nothing`() async throws {
        try await withWorld { w in
            let made = try await w.ask(
                "createPatient",
                [
                    "first_name": "A", "last_name": "B", "email": "", "phone": " ", "gender": "", "date_of_birth": "",
                    "city": "",
                ])
            for key in ["email", "phone", "gender", "date_of_birth", "city"] { #expect(made[key] == .null) }
        }
    }

    @Test func `PUT replaces all, PATCH changes what is sent and null empties`() async throws {
        try await withWorld { w in
            let made = try await w.ask("createPatient", World.jane)
            w.clock.pass(.seconds(60))
            let patched = try await w.ask("changePatient", id: made.id, ["phone": nil, "city": "Chicago", "id": "x"])
            #expect(patched["phone"] == .null && patched["city"] == "Chicago" && patched["email"] == made["email"])
            #expect(patched.id == made.id && patched.version == 2 && patched["created_at"] == made["created_at"])
            #expect(patched["updated_at"] != made["updated_at"])
            let put = try await w.ask("replacePatient", id: made.id, ["first_name": "Janet", "last_name": "Smith"])
            #expect(put["first_name"] == "Janet" && put["email"] == .null && put["city"] == .null && put.version == 3)
            let refused = await #expect(throws: Problem.self) {
                try await w.ask("changePatient", id: made.id, ["first_name": nil])
            }
            #expect(refused?.errors.first?.field == "first_name")
        }
    }

    @Test func `who changes an older version than there is gets 412, and nothing happens`() async throws {
        try await withWorld { w in
            let made = try await w.ask("createPatient", World.jane)
            _ = try await w.ask("changePatient", id: made.id, ["city": "Chicago"], ifMatch: 1)
            await #expect(throws: Problem.preconditionFailed) {
                try await w.ask("changePatient", id: made.id, ["city": "Boston"], ifMatch: 1)
            }
            await #expect(throws: Problem.preconditionFailed) {
                try await w.ask("replacePatient", id: made.id, World.jane, ifMatch: 1)
            }
            await #expect(throws: Problem.preconditionFailed) {
                try await w.ask("deletePatient", id: made.id, ifMatch: 1)
            }
            #expect(try await w.ask("getPatient", id: made.id)["city"] == "Chicago")
            _ = try await w.ask("deletePatient", id: made.id, ifMatch: 2)
        }
    }

    @Test func `of twenty who change one version one wins`() async throws {
        try await withWorld { w in
            let made = try await w.ask("createPatient", World.jane)
            let won = await withTaskGroup(of: Bool.self) { tasks in
                for number in 0..<20 {
                    tasks.addTask {
                        (try? await w.ask("changePatient", id: made.id, ["city": .string("C\(number)")], ifMatch: 1))
                            != nil
                    }
                }
                return await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(won == 1)
        }
    }

    @Test func `another's patient is not found by any verb, not even by an admin`() async throws {
        try await withWorld { w in
            let made = try await w.ask("createPatient", World.jane)
            for caller in [w.bob, w.admin] {
                await #expect(throws: Problem.notFound) { try await w.ask("getPatient", as: caller, id: made.id) }
                await #expect(throws: Problem.notFound) {
                    try await w.ask("replacePatient", as: caller, id: made.id, World.jane)
                }
                await #expect(throws: Problem.notFound) {
                    try await w.ask("changePatient", as: caller, id: made.id, ["city": "X"])
                }
                await #expect(throws: Problem.notFound) { try await w.ask("deletePatient", as: caller, id: made.id) }
                await #expect(throws: Problem.notFound) {
                    try await w.ask("getPatientDoctors", as: caller, id: made.id)
                }
                #expect(try await w.ask("listPatients", as: caller).frame?.total == 0)
            }
            await #expect(throws: Problem.notFound) { try await w.ask("getPatient", id: "1") }
            await #expect(throws: Problem.notFound) {
                try await w.ask("getPatient", id: ID<Patient>.make(at: w.clock.now).description)
            }
        }
    }

    @Test func `a deleted patient is gone for good`() async throws {
        try await withWorld { w in
            let made = try await w.ask("createPatient", World.jane)
            #expect(try await w.ask("deletePatient", id: made.id).json == .null)
            await #expect(throws: Problem.notFound) { try await w.ask("getPatient", id: made.id) }
            await #expect(throws: Problem.notFound) { try await w.ask("deletePatient", id: made.id) }
        }
    }

    @Test func `lists are filtered as asked and refuse what they do not know`() async throws {
        try await withWorld { w in
            _ = try await w.ask("createPatient", World.jane)
            w.clock.pass(.seconds(1))
            _ = try await w.ask("createPatient", ["first_name": "John", "last_name": "Doe", "gender": "M"])
            let men = try await w.ask("listPatients", query: [("gender", "male")])
            #expect(men.json.array?.map { $0["first_name"] } == ["John"] && men.frame?.total == 1)
            let janes = try await w.ask("listPatients", query: [("search", "jane.smith@")])
            #expect(janes.json.array?.map { $0["first_name"] } == ["Jane"])
            let all = try await w.ask("listPatients", query: [("search", ""), ("gender", ""), ("page_size", "1")])
            #expect(all.frame?.total == 2 && all.json.array?.map { $0["first_name"] } == ["John"])
            await #expect(throws: Problem.self) { try await w.ask("listPatients", query: [("gender", "X")]) }
        }
    }

    @Test func `each write leaves its fact and its line in the audit trail, a refused one neither`() async throws {
        try await withWorld { w in
            let made = try await w.ask("createPatient", World.jane)
            _ = try await w.ask("changePatient", id: made.id, ["city": "Chicago"])
            _ = try? await w.ask("changePatient", id: made.id, ["city": "Boston"], ifMatch: 1)
            _ = try await w.ask("deletePatient", id: made.id)
            #expect(
                try await w.events() == [
                    "registry.patient_created.v1", "registry.patient_updated.v1", "registry.patient_deleted.v1",
                ])
            let lines = ["created", "updated", "deleted"].map { "patient.\($0) patient/\(made.id) \(w.alice.account)" }
            #expect(try await w.audit() == lines)
            let told = try await w.told()
            #expect(told.contains(made.id) && !told.contains("Jane") && !told.contains("1990"))
        }
    }
}
