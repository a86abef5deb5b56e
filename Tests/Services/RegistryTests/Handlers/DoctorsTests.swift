import API
import JSON
import Kernel
import Postgres
import TestSupport
import Testing

@Suite struct DoctorsTests {
    @Test func `the documented example works as it stands, and is shown with its title`() async throws {
        try await withWorld { w in
            let example = try World.example(DoctorBody.self)
            let made = try await w.ask("createDoctor", example)
            #expect(made.status == 201 && made["display_name"] == "Dr. Emily Chen")
            #expect(made.location == "/api/doctors/\(made.id)")
            for member in try #require(example.object) { #expect(made[member.key] == member.value) }
            #expect(try await w.ask("getDoctor", as: w.bob, id: made.id).json == made.json)
        }
    }

    @Test func `names and field are enough; what is left out has its default`() async throws {
        try await withWorld { w in
            let made = try await w.ask(
                "createDoctor", ["first_name": "A", "last_name": "B", "specialization": "Cardiology"])
            #expect(made["specialization"] == "cardiology" && made["is_available"] == true)
            #expect(made["license_number"] == .null && made["consultation_fee"] == .null)
        }
    }

    @Test func `all wrong fields are told at once`() async throws {
        try await withWorld { w in
            let problem = await #expect(throws: Problem.self) {
                try await w.ask(
                    "createDoctor",
                    [
                        "first_name": "A", "specialization": "wizardry", "license_number": "LIC 7",
                        "years_of_experience": 81, "consultation_fee": "1.234", "is_available": "maybe",
                    ])
            }
            #expect(
                problem?.errors.map(\.field) == [
                    "last_name", "specialization", "license_number", "years_of_experience", "consultation_fee",
                    "is_available",
                ])
        }
    }

    @Test func `a fee keeps its digits, whether sent as text or as number`() async throws {
        try await withWorld { w in
            let fees: [(JSONValue, JSONValue)] = [("0.1", "0.10"), (250, "250.00"), ("99999999.99", "99999999.99")]
            for (given, kept) in fees {
                let made = try await w.ask(
                    "createDoctor",
                    ["first_name": "A", "last_name": "B", "specialization": "other", "consultation_fee": given])
                #expect(made["consultation_fee"] == kept)
                #expect(try await w.ask("getDoctor", id: made.id)["consultation_fee"] == kept)
            }
        }
    }

    @Test func `a licence taken is a duplicate of its field, also by a change`() async throws {
        try await withWorld { w in
            let example = try World.example(DoctorBody.self)
            let license = try #require(example["license_number"]?.string)
            let made = try await w.ask("createDoctor", example)
            let again = await #expect(throws: Problem.self) { try await w.ask("createDoctor", as: w.bob, example) }
            #expect(again?.code == .duplicate && again?.errors.first?.field == "license_number")
            let other = try await w.ask(
                "createDoctor", ["first_name": "A", "last_name": "B", "specialization": "other"])
            let change = await #expect(throws: Problem.self) {
                try await w.ask("changeDoctor", id: other.id, ["license_number": .string(license.lowercased())])
            }
            #expect(change?.code == .duplicate)
            _ = try await w.ask("changeDoctor", id: made.id, ["license_number": .string(license.lowercased())])
        }
    }

    @Test func `creator and admin write, others are forbidden, an unknown id is not found`() async throws {
        try await withWorld { w in
            let made = try await w.ask("createDoctor", World.example(DoctorBody.self))
            await #expect(throws: Problem.forbidden) {
                try await w.ask("changeDoctor", as: w.bob, id: made.id, ["city": "X"])
            }
            await #expect(throws: Problem.forbidden) {
                try await w.ask("replaceDoctor", as: w.bob, id: made.id, World.example(DoctorBody.self))
            }
            await #expect(throws: Problem.forbidden) { try await w.ask("deleteDoctor", as: w.bob, id: made.id) }
            let byAdmin = try await w.ask("changeDoctor", as: w.admin, id: made.id, ["city": "Boston"], ifMatch: 1)
            #expect(byAdmin["city"] == "Boston" && byAdmin.version == 2)
            await #expect(throws: Problem.preconditionFailed) {
                try await w.ask("changeDoctor", id: made.id, ["city": "X"], ifMatch: 1)
            }
            #expect(try await w.ask("changeDoctor", id: made.id, ["bio": nil])["bio"] == .null)
            _ = try await w.ask("deleteDoctor", id: made.id)
            for name in ["getDoctor", "deleteDoctor"] {
                await #expect(throws: Problem.notFound) { try await w.ask(name, id: made.id) }
            }
            #expect(
                try await w.events() == [
                    "registry.doctor_created.v1", "registry.doctor_updated.v1", "registry.doctor_updated.v1",
                    "registry.doctor_deleted.v1",
                ])
        }
    }

    @Test func `the directory is one for all, filtered and ordered as asked`() async throws {
        try await withWorld { w in
            _ = try await w.ask("createDoctor", World.example(DoctorBody.self))
            _ = try await w.ask(
                "createDoctor", as: w.bob,
                ["first_name": "Adam", "last_name": "Young", "specialization": "surgery", "is_available": false])
            func names(_ query: (name: String, value: String)...) async throws -> [JSONValue?]? {
                try await w.ask("listDoctors", as: w.bob, query: query).json.array?.map { $0["first_name"] }
            }
            #expect(try await names() == ["Emily", "Adam"])
            #expect(try await names(("ordering", "-last_name")) == ["Adam", "Emily"])
            #expect(try await names(("ordering", "first_name")) == ["Adam", "Emily"])
            #expect(try await names(("is_available", "false")) == ["Adam"])
            #expect(try await names(("specialization", "neurology")) == ["Emily"])
            #expect(try await names(("search", "medical")) == ["Emily"])
            #expect(try await names(("city", "san francisco")) == ["Emily"])
            await #expect(throws: Problem.self) { try await names(("ordering", "license_number; drop table doctor")) }
        }
    }

    @Test func `a page is not read again while no change is told`() async throws {
        try await withWorld { w in
            let emily = try await w.ask("createDoctor", World.example(DoctorBody.self))
            func phone() async throws -> JSONValue? { try await w.ask("listDoctors").json.array?.first?["phone"] }
            #expect(try await phone() == emily["phone"])
            w.home.script(
                """
                set search_path to registry, public;
                alter table doctor disable trigger user;
                update doctor set phone = '+15550199';
                alter table doctor enable trigger user;
                """)
            #expect(try await phone() == emily["phone"])
            #expect(try await w.ask("getDoctor", id: emily.id)["phone"] == "+15550199")
        }
    }

    @Test func `a page that was asked for before shows what anybody has changed since`() async throws {
        try await withWorld { w in
            let emily = try await w.ask("createDoctor", World.example(DoctorBody.self))
            func page() async throws -> World.Heard { try await w.ask("listDoctors", query: [("search", "Chen")]) }
            for _ in 0..<2 { #expect(try await page().json.array?.map { $0["phone"] } == [emily["phone"]]) }
            // Another process: it tells this one nothing.
            try await w.database.run("update doctor set phone = '+15550199'", as: Fixture.scope(of: w.alice))
            for _ in 0..<2 { #expect(try await page().json.array?.map { $0["phone"] } == ["+15550199"]) }
            _ = try await w.ask("createDoctor", ["first_name": "Li", "last_name": "Chen", "specialization": "surgery"])
            for _ in 0..<2 { #expect(try await page().frame?.total == 2) }
            _ = try await w.ask("deleteDoctor", id: emily.id)
            for _ in 0..<2 { #expect(try await page().json.array?.map { $0["first_name"] } == ["Li"]) }
            #expect(try await page().json == (try await w.ask("listDoctors", as: w.bob).json))
        }
    }

    @Test func `pages are whole while doctors change all the time`() async throws {
        try await withWorld { w in
            let names = ["A", "B", "C", "D", "E"]
            for name in names {
                _ = try await w.ask(
                    "createDoctor", ["first_name": .string(name), "last_name": "Chen", "specialization": "surgery"])
            }
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask {
                    while !Task.isCancelled {
                        try await w.database.run("update doctor set bio = 'x'", as: Fixture.scope(of: w.alice))
                    }
                }
                for size in 6...100 {
                    let page = try await w.ask(
                        "listDoctors",
                        query: [("search", "chen"), ("page_size", "\(size)"), ("ordering", "first_name")])
                    #expect(page.json.array?.map { $0["first_name"]?.string } == names && page.frame?.total == 5)
                }
                tasks.cancelAll()
            }
        }
    }
}
