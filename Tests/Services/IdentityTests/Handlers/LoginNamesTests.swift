import API
import Crypto
import Forms
import Identity
import IdentityDomain
import JSON
import Kernel
import Lifecycle
import Postgres
import Sealing
import Testing
import Web

/// One account, several names: how often its password may be guessed does not grow with them.
struct LoginNamesTests {
    private func guess(_ world: World, _ name: String) async -> Problem.Code? {
        do {
            _ = try await world.logIn(name, "Wrong-Pass-123")
            return nil
        } catch { return (error as? Problem)?.code }
    }

    @Test func `an account's email and username share one count, in whatever letters`() async throws {
        try await withIdentity { world in
            _ = try await world.register("known@example.com", username: "known_one")
            for name in ["known@example.com", "KNOWN_one", "Known@Example.com", "known_one", "known@example.com"] {
                #expect(await guess(world, name) == .invalidCredentials)
            }
            for name in ["known_one", "known@example.com"] { #expect(await guess(world, name) == .rateLimited) }
            world.clock.pass(.seconds(1))
            _ = try await world.logIn("known_one")
            for _ in 0..<4 { #expect(await guess(world, "known@example.com") == .invalidCredentials) }
        }
    }

    @Test func `a name nobody has is counted alone and in whatever letters, as an account's is`() async throws {
        try await withIdentity { world in
            for name in ["nobody@example.com", "Nobody@Example.COM", "NOBODY@example.com"] {
                #expect(await guess(world, name) == .invalidCredentials)
            }
            for _ in 0..<2 { #expect(await guess(world, "nobody@example.com") == .invalidCredentials) }
            #expect(await guess(world, "Nobody@example.com") == .rateLimited)
            #expect(await guess(world, "nobody") == .invalidCredentials)
            #expect(await guess(world, "somebody@example.com") == .invalidCredentials)
        }
    }

    @Test func `who has accounts in two roles under one email logs in to each as often as they like`() async throws {
        try await withIdentity { world in
            _ = try await world.register("both@example.com")
            try await world.confirm(try await world.open("both@example.com", .patient))
            let other = try await world.composition.accounts.candidates(for: "both@example.com")
            #expect(other.count == 2)
            let patient = try #require(other.last?.account.id)
            let hash = try await world.composition.hasher.hash(Secret("Other-Pass-456!"), until: .never)
            try await world.database.run(
                "update account set password_hash = \(hash) where account_id = \(patient)")
            for _ in 0..<8 { _ = try await world.logIn("both@example.com") }
            for _ in 0..<5 { #expect(await guess(world, "both@example.com") == .invalidCredentials) }
            #expect(await guess(world, "both@example.com") == .rateLimited)
        }
    }

    @Test func `a login without its turn to hash is refused at once, and counts as no try`() async throws {
        try await withIdentity(hashingQueue: 0) { world in
            _ = try await world.register("busy@example.com")
            let done = Latch()
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for begun in [Latch(), Latch()] {
                    tasks.addTask {
                        try await world.composition.hasher.turn(until: .never) {
                            begun.fire()
                            await done.wait()
                        }
                    }
                    await begun.wait()
                }
                for _ in 0..<12 {
                    let refusal = await #expect(throws: Problem.self) { try await world.logIn("busy@example.com") }
                    #expect(refusal?.code == .serviceUnavailable && (refusal?.retryAfter ?? 0) >= 1)
                }
                done.fire()
                try await tasks.waitForAll()
            }
            #expect(try await world.count("login_attempt") == 0)
            _ = try await world.logIn("busy@example.com")
        }
    }

    @Test func `many right logins at once into one account are all right`() async throws {
        try await withIdentity(hashingThreads: 16) { world in
            _ = try await world.register("known@example.com", username: "known_one")
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 0..<40 { tasks.addTask { _ = try await world.logIn("known@example.com") } }
                try await tasks.waitForAll()
            }
            #expect(try await world.count("login_attempt") == 0)
        }
    }

    @Test func `a domain beyond ASCII and its A-label are one address, shown as it was typed`() async throws {
        try await withIdentity { world in
            let user = try await world.register("Zoe@Bücher-x.example").user
            #expect(user.email == "Zoe@Bücher-x.example")
            for name in ["zoe@bücher-x.example", "zoe@xn--bcher-x-n2a.example", "ZOE@BU\u{308}CHER-X.EXAMPLE"] {
                #expect(try await world.logIn(name).user.id == user.id)
            }
            let refusal = await #expect(throws: Problem.self) {
                _ = try await world.register("zoe@xn--bcher-x-n2a.example")
            }
            #expect(refusal?.errors.map(\.field) == ["email"])
            for name in ["zoe@bücher-x.example", "zoe@xn--bcher-x-n2a.example"] {
                let query = try ListUsers(Source(query: [("search", name)]))
                #expect(try await world.composition.accounts.list(query).items.map(\.id) == [user.id])
            }
            for index in 0..<5 {
                let name = index.isMultiple(of: 2) ? "no@büro.example" : "no@xn--bro-hoa.example"
                #expect(await guess(world, name) == .invalidCredentials)
            }
            #expect(await guess(world, "no@xn--bro-hoa.example") == .rateLimited)
        }
    }

    @Test func `an account whose domain was compared as typed is still found by what was typed`() async throws {
        try await withIdentity { world in
            let user = try await world.register("zoe@bücher-x.example").user
            let keys = try await ServiceKeys.open(
                world.database, sealer: world.dependencies.sealer, purpose: "identity columns", column: "wrapped_key")
            let earlier = keys.index(of: "account.email").exact("zoe@bücher-x.example")
            try await world.database.run("update account set email_index = \(earlier)")
            #expect(try await world.logIn("Zoe@bücher-x.example").user.id == user.id)
        }
    }
}
