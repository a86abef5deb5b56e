import API
import Identity
import Kernel
import Lifecycle
import Testing

struct CommandTests {
    @Test func `the words of the command line are read strictly`() {
        #expect(Command(["demo"]) == .demo)
        #expect(
            Command(["create-admin", "root", "root@example.com"])
                == .createAdmin(username: "root", email: "root@example.com", name: "Administrator"))
        #expect(Command(["setup-link", "https://praxis.example"]) == .setUpLink(site: "https://praxis.example"))
        #expect(Command(["demo", "check"]) == .demoCheck)
        #expect(Command(["demo", "remove"]) == .demoRemove)
        #expect(Command(["token", "demo_staff"]) == .token(username: "demo_staff"))
        for wrong in [[], ["demo", "twice"], ["token"], ["create-admin", "root"], ["serve"], ["setup-link"]] {
            #expect(Command(wrong) == nil)
        }
    }

    @Test func `an administrator is made once, with a password that is held to the rules`() async throws {
        try await withIdentity { world in
            let command = try #require(Command(["create-admin", "root", "root@example.com", "Root Admin"]))
            let operators = world.composition.operators
            let weak = await #expect(throws: Problem.self) {
                try await command.run(operators) { "admin123" }
            }
            #expect(weak?.errors.map(\.field) == ["password"])
            #expect(try await command.run(operators) { World.strong }.map(\.outcome) == [.made])
            #expect(try await command.run(operators) { World.strong }.map(\.outcome) == [.existed])
            #expect(try await world.logIn("root").user.role == .admin)
            #expect(try await world.events() == ["identity.account_registered.v1"])
            let nonsense = try #require(Command(["create-admin", "a b", "root@example.com"]))
            let refused = await #expect(throws: Problem.self) { try await nonsense.run(operators) { World.strong } }
            #expect(refused?.errors.map(\.field) == ["username"])
            let both = try #require(Command(["create-admin", "a b", "no email"]))
            let wrong = await #expect(throws: Problem.self) { try await both.run(operators) { World.strong } }
            #expect(wrong?.errors.map(\.field) == ["username", "email"])
        }
    }

    @Test func `a demo account that works is a reason not to start in production, until it is removed`() async throws {
        try await withIdentity { world in
            let operators = world.composition.operators
            #expect(try await operators.demoRefusal() == nil)
            _ = try await operators.makeDemo()
            let session = try await world.logIn("demo_staff", "staff123").tokens
            #expect(try await operators.demoRefusal()?.contains("admin, demo_staff work") == true)
            #expect(try await operators.removeDemo().map(\.outcome) == [.removed, .removed])
            #expect(try await operators.demoRefusal() == nil)
            #expect(try await operators.removeDemo().isEmpty)
            await #expect(throws: Problem.self) { try await world.logIn("demo_staff", "staff123") }
            await #expect(throws: Problem.self) { try await world.refresh(session.refresh) }
            #expect(try await world.events().contains("identity.account_deactivated.v1"))
        }
    }

    @Test func `an account of the same name with a password of its own is nobody's demo`() async throws {
        try await withIdentity { world in
            let command = try #require(Command(["create-admin", "admin", "root@example.com"]))
            _ = try await command.run(world.composition.operators) { World.strong }
            #expect(try await world.composition.operators.demoRefusal() == nil)
            #expect(try await world.composition.operators.removeDemo().isEmpty)
        }
    }

    @Test func `an operator's token is had without a gateway, with the password or not at all`() async throws {
        try await withIdentity { world in
            _ = try await world.composition.operators.makeDemo()
            func token(_ lines: [String]) async throws -> String {
                let left = Locked(lines[...])
                return try await world.composition.login.accessToken("demo_staff") { left.withLock { $0.popFirst() } }
            }
            #expect(try await token(["staff123"]).split(separator: ".").count == 3)
            await #expect(throws: Problem.self) { try await token(["wrong"]) }
            await #expect(throws: Problem.self) { try await token([]) }
        }
    }
}
