import API
import HTTP
import Identity
import JSON
import Kernel
import Postgres
import Testing
import Web

extension World {
    func setUp(
        _ token: String?, username: String = "root", email: String = "root@hospital.com", password: String = strong,
        key: String? = nil
    ) async throws -> UserView {
        try await setUp(
            [
                "token": .string(token ?? ""), "username": .string(username), "email": .string(email),
                "password": .string(password), "confirm_password": .string(password),
            ], key: key)
    }

    func setUp(_ body: JSONValue, key: String? = nil) async throws -> UserView {
        try await composition.setUp.setUp(
            try Attempt<SetUpAdministrator>(body), call(SetUpAPI.setUp.declaration, key: key)
        ).view
    }
}

private let invalid = Problem.field("token", "This set-up link is invalid or has expired.")

struct SetUpTests {
    @Test func `a link makes the first administrator, once`() async throws {
        try await withIdentity { world in
            let token = try await world.composition.setUp.mintToken()
            let user = try await world.setUp(token)
            #expect(user.role == .admin && user.name == "Administrator")
            #expect(try await world.logIn("root").user.id == user.id)
            #expect(try await world.events() == ["identity.account_registered.v1"])
            #expect(try await world.actions().contains("account.set_up"))
            await #expect(throws: invalid) { try await world.setUp(token, username: "second", email: "b@hospital.com") }
            #expect(try await world.composition.setUp.mintToken() == nil)
            let refusal = await #expect(throws: Problem.self) {
                try await world.composition.setUp.link(at: "https://praxis.example")
            }
            #expect(refusal?.code == .conflict)
        }
    }

    @Test func `of many who use one link at once, or two links, one becomes administrator`() async throws {
        try await withIdentity(loops: 2) { world in
            let other = try await world.another()
            let token = try await world.composition.setUp.mintToken()
            let outcomes = await parallel(12) { number in
                let body: JSONValue = [
                    "token": .string(token ?? ""), "username": .string("root\(number)"),
                    "email": .string("root\(number)@hospital.com"), "password": .string(World.strong),
                    "confirm_password": .string(World.strong),
                ]
                // Two processes: what one of them keeps apart, the table must keep apart between them.
                let composition = number % 2 == 0 ? world.composition : other
                return try await composition.setUp.setUp(
                    try Attempt<SetUpAdministrator>(body), world.call(SetUpAPI.setUp.declaration))
            }
            #expect(outcomes.filter { (try? $0.get()) != nil }.count == 1)
            for case .failure(let error) in outcomes { #expect(error as? Problem == invalid) }
            #expect(try await world.count("account where role = 'admin'") == 1)
        }
    }

    @Test func `a newer link puts the older away, and a day any`() async throws {
        try await withIdentity { world in
            let older = try await world.composition.setUp.mintToken()
            let newer = try await world.composition.setUp.mintToken()
            await #expect(throws: invalid) { try await world.setUp(older) }
            world.clock.pass(.seconds(24 * 3600))
            await #expect(throws: invalid) { try await world.setUp(newer) }
            #expect(try await world.count("account") == 0)
        }
    }

    @Test func `once there is an administrator by other means, a link makes none`() async throws {
        try await withIdentity { world in
            let token = try await world.composition.setUp.mintToken()
            _ = try await world.composition.operators.makeDemo()
            await #expect(throws: invalid) { try await world.setUp(token) }
        }
    }

    @Test func `everything wrong is told at once, and to who has no link nothing about who is here`() async throws {
        try await withIdentity { world in
            _ = try await world.register("taken@example.com", username: "taken")
            let token = try await world.composition.setUp.mintToken()
            let body: JSONValue = [
                "token": .string(token ?? ""), "username": "taken", "email": "no email", "password": "Password1",
                "password_confirm": "x",
            ]
            let faults = await #expect(throws: Problem.self) { try await world.setUp(body) }
            #expect(faults?.errors.map(\.field) == ["email", "password", "password_confirm", "username"])
            #expect(faults?.errors.first { $0.field == "password" }?.messages.count == 2)
            await #expect(throws: invalid) { try await world.setUp("prxs_none", username: "taken") }
            #expect(try await world.setUp(token, username: "free").username == "free")
        }
    }

    @Test func `a repeated set-up gets its first answer`() async throws {
        try await withIdentity { world in
            let token = try await world.composition.setUp.mintToken()
            _ = try await world.setUp(token, key: "key-1")
            let replay = await #expect(throws: Replay.self) { try await world.setUp(token, key: "key-1") }
            #expect(replay?.response.status == .created)
        }
    }

    @Test func `the link names the site, and no table the token`() async throws {
        try await withIdentity { world in
            let link = try await world.composition.setUp.link(at: "https://praxis.example/")
            #expect(link.hasPrefix("https://praxis.example/setup?token=prxs_"))
            let row = try await world.database.read(Column<String>("t::text")) { "select \($0) from setup_token t" }.one
            #expect(!row.contains(link.suffix(43)))
        }
    }
}
