import API
import JSON
import Kernel
import Postgres
import Registry
import Testing

extension World {
    /// The documented registration of seed 004 with other values.
    func registerAccount(_ changes: [String: JSONValue] = [:]) async throws -> Heard {
        let members = try World.example(RegisterPatientAccount.self).object ?? []
        let body = members.map { JSONMember(key: $0.key, value: changes[$0.key] ?? $0.value) }
        return try await ask("registerPatientAccount", .object(body), anonymous: true)
    }

    func actions() async throws -> [String] {
        try await database.read(Column<String>("action || ' ' || coalesce(subject, '')")) {
            "select \($0) from audit_entry order by entry_id"
        }
    }
}

@Suite struct PatientAccountsTests {
    @Test func `a patient registers with username and consent, and keeps the record`() async throws {
        try await withWorld { w in
            let made = try await w.registerAccount()
            #expect(made.status == 201 && made["user"]?["username"] == "sara_ahmed")
            #expect(made["user"]?["role"] == "patient" && made["user"]?["email"] == "sara.ahmed@example.com")
            let account = try #require(w.accounts.seen.opened.first)
            #expect(made["user"]?["id"]?.string == account.description)
            #expect(w.accounts.seen.pending.first?.username == .chosen("sara_ahmed"))
            let own = try await w.ask("getPatient", as: w.patient(account), id: made["patient_id"]?.string)
            #expect(own["first_name"] == "Sara" && own["address"] == "12 Canal Road, Lahore" && own["gender"] == "F")
            let consents = try await w.database.read(Column<Instant?>("consented_at")) {
                "select \($0) from patient_registration"
            }
            #expect(consents == [w.clock.now])
        }
    }

    @Test func `without consent nobody is registered, and all that is wrong is told`() async throws {
        try await withWorld { w in
            for consent: JSONValue in [false, .null, "perhaps"] {
                do {
                    _ = try await w.registerAccount(["consent": consent, "gender": "unknown"])
                    Issue.record("it was taken")
                } catch let problem as Problem {
                    #expect(Set(problem.errors.map(\.field)) == ["consent", "gender"])
                }
            }
            #expect(w.accounts.seen.opened.isEmpty)
            _ = try await w.registerAccount()
            do {
                _ = try await w.registerAccount()
                Issue.record("it was taken")
            } catch let problem as Problem {
                #expect(Set(problem.errors.map(\.field)) == ["username", "email", "phone_number"])
            }
        }
    }

    @Test func `an address may come in parts`() async throws {
        try await withWorld { w in
            let parts: JSONValue = ["street": "12 Canal Road", "city": "Lahore", "country": "Pakistan"]
            let made = try await w.registerAccount(["address": parts])
            let account = try #require(w.accounts.seen.opened.first)
            let own = try await w.ask("getPatient", as: w.patient(account), id: made["patient_id"]?.string)
            #expect(own["address"] == "12 Canal Road" && own["city"] == "Lahore" && own["country"] == "Pakistan")
        }
    }
}

@Suite struct AdminPatientsTests {
    private static func three(_ w: World) async throws -> [String] {
        var ids: [String] = []
        for (number, name) in ["Sara", "Omar", "Zoë"].enumerated() {
            w.clock.pass(.seconds(1))
            let made = try await w.registerAccount([
                "first_name": .string(name), "username": .string("patient_\(number)"),
                "email": .string("p\(number)@example.com"), "phone_number": .string("+4930123456\(number)"),
            ])
            ids.append(try #require(made["patient_id"]?.string))
        }
        return ids
    }

    @Test func `registered patients are listed, found and read, and each reading leaves a row`() async throws {
        try await withWorld { w in
            let ids = try await Self.three(w)
            _ = try await w.ask("createPatient", as: w.alice, World.jane)
            let list = try await w.ask("listAdminPatients", as: w.admin)
            #expect(list.json.array?.compactMap { $0["id"]?.string } == ids.reversed())
            #expect(list.frame?.total == 3)
            let rows = try await w.actions().filter { $0.hasPrefix("patient.read") }
            #expect(Set(rows) == Set(ids.map { "patient.read patient/\($0)" }) && rows.count == 3)
            let found = try await w.ask("listAdminPatients", as: w.admin, query: [("search", "zoe AHMED")])
            #expect(found.json.array?.compactMap { $0["id"]?.string } == [ids[2]] && found.frame?.total == 1)
            let first = try await w.ask(
                "listAdminPatients", as: w.admin, query: [("cursor", ""), ("page_size", "2"), ("gender", "F")])
            let next = try #require(first.frame?.nextCursor)
            let rest = try await w.ask("listAdminPatients", as: w.admin, query: [("cursor", next), ("page_size", "2")])
            #expect(rest.json.array?.compactMap { $0["id"]?.string } == [ids[0]])
            let shown = try await w.ask("getAdminPatient", as: w.admin, id: ids[1])
            #expect(
                shown["first_name"] == "Omar" && shown["account_id"]?.string == w.accounts.seen.opened[1].description)
            #expect(try await w.actions().last == "patient.read patient/\(ids[1])")
        }
    }

    @Test func `a record is changed but for email and phone, and only as it was seen`() async throws {
        try await withWorld { w in
            let id = try await Self.three(w)[0]
            let seen = try await w.ask("getAdminPatient", as: w.admin, id: id)
            let changed = try await w.ask(
                "changeAdminPatient", as: w.admin, id: id, ["last_name": "Khan"], ifMatch: seen.version)
            #expect(changed["last_name"] == "Khan" && changed["first_name"] == "Sara")
            #expect(try await w.ask("getAdminPatient", as: w.admin, id: id)["last_name"] == "Khan")
            await #expect(throws: Problem.preconditionFailed) {
                try await w.ask("changeAdminPatient", as: w.admin, id: id, ["city": "X"], ifMatch: seen.version)
            }
            let code = await World.refusal {
                _ = try await w.ask("changeAdminPatient", as: w.admin, id: id, ["email": "other@example.com"])
            }
            #expect(code == .validationFailed)
            let kept = try await w.ask("createPatient", as: w.alice, World.jane)
            for name in ["getAdminPatient", "changeAdminPatient", "deleteAdminPatient"] {
                await #expect(throws: Problem.notFound) {
                    try await w.ask(name, as: w.admin, id: kept.id, ["city": "X"])
                }
            }
        }
    }

    @Test func `a deleted patient's record is erased, its address and phone are free, and identity is told`()
        async throws
    {
        try await withWorld { w in
            let ids = try await Self.three(w)
            _ = try await w.ask("deleteAdminPatient", as: w.admin, id: ids[0])
            await #expect(throws: Problem.notFound) { try await w.ask("getAdminPatient", as: w.admin, id: ids[0]) }
            await #expect(throws: Problem.notFound) { try await w.ask("deleteAdminPatient", as: w.admin, id: ids[0]) }
            #expect(try await w.ask("listAdminPatients", as: w.admin).frame?.total == 2)
            #expect(
                try await w.events().suffix(2) == [
                    "registry.registered_patient_deleted.v1", "registry.patient_deleted.v1",
                ])
            #expect(try await w.actions().contains("patient_deleted patient/\(ids[0])"))
            let again = try await w.registerAccount([
                "username": "another", "email": "p0@example.com", "phone_number": "+49301234560",
            ])
            #expect(again.status == 201)
        }
    }
}
