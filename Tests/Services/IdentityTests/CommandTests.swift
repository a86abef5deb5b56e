import API
import Identity
import Kernel
import Testing

struct CommandTests {
    @Test func `the words of the command line are read strictly`() {
        #expect(Command(["demo"]) == .demo)
        #expect(
            Command(["create-admin", "root", "root@example.com"])
                == .createAdmin(username: "root", email: "root@example.com", name: "Administrator"))
        #expect(Command(["setup-link", "https://praxis.example"]) == .setUpLink(site: "https://praxis.example"))
        for wrong in [[], ["demo", "twice"], ["create-admin", "root"], ["serve"], ["setup-link"]] {
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
}
