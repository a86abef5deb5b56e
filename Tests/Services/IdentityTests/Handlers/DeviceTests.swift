import API
import Identity
import JSON
import Kernel
import Postgres
import TestSupport
import Testing
import Web

extension World {
    func logIn(_ email: String, with userAgent: String, from address: String = "192.0.2.7") async throws -> TokensView {
        let declaration = AccountsAPI.logIn.declaration
        return try await composition.login.logIn(
            try LogIn(["email": .string(email), "password": .string(World.strong)]),
            .test(declaration, from: address, userAgent: userAgent)
        ).view.tokens
    }

    func strangers() async throws -> [String] {
        try await database.read(Column<String>("envelope::jsonb -> 'data' ->> 'session_id'")) {
            "select \($0) from outbox where type = 'identity.new_device_seen.v1' order by position"
        }
    }
}

struct NewDeviceTests {
    private let laptop = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    private let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1"

    @Test func `the first login is its owner's, a later one on another device is told of`() async throws {
        try await withIdentity { world in
            _ = try await world.register("device@example.com")
            _ = try await world.logIn("device@example.com", with: laptop)
            #expect(try await world.strangers() == [])
            let caller = try world.caller(try await world.logIn("device@example.com", with: phone))
            #expect(try await world.strangers() == [caller.session.description])
            #expect(try await world.actions().contains("device.new"))
            // Known from now on; and the one registered with was known from the first.
            for agent in [phone, laptop, "Test/2.0"] { _ = try await world.logIn("device@example.com", with: agent) }
            #expect(try await world.strangers().count == 1)
            _ = try await world.logIn("device@example.com", with: laptop, from: "198.51.100.4")
            #expect(try await world.strangers().count == 2)
        }
    }

    @Test func `what one account is used with is strange to another`() async throws {
        try await withIdentity { world in
            for email in ["one@example.com", "other@example.com"] {
                _ = try await world.register(email, name: "Person \(email.count)")
                _ = try await world.logIn(email)
            }
            _ = try await world.logIn("one@example.com", with: laptop)
            _ = try await world.logIn("other@example.com", with: laptop)
            #expect(try await world.strangers().count == 2)
            let prints = try await world.database.read(Column<[UInt8]>("fingerprint")) {
                "select distinct \($0) from known_device"
            }
            #expect(prints.count == 4)
        }
    }

    @Test func `after ninety days without it a device is strange again, and forgotten`() async throws {
        try await withIdentity { world in
            _ = try await world.register("rare@example.com")
            _ = try await world.logIn("rare@example.com")
            _ = try await world.logIn("rare@example.com", with: laptop)
            world.clock.pass(.seconds(90 * 86_400))
            _ = try await world.logIn("rare@example.com", with: laptop)
            #expect(try await world.strangers().count == 1)
            world.clock.pass(.seconds(90 * 86_400 + 1))
            _ = try await world.logIn("rare@example.com", with: laptop)
            #expect(try await world.strangers().count == 2)
            await world.composition.housekeeping.once()
            #expect(try await world.count("known_device") == 1)
        }
    }

    @Test func `of many logins at once on one new device one is told of`() async throws {
        try await withIdentity(loops: 2) { world in
            _ = try await world.register("many@example.com")
            _ = try await world.logIn("many@example.com")
            let agent = phone
            let outcomes = await parallel(4) { _ in try await world.logIn("many@example.com", with: agent) }
            #expect(outcomes.allSatisfy { (try? $0.get()) != nil })
            #expect(try await world.strangers().count == 1)
        }
    }

    @Test func `a login that fails notes no device`() async throws {
        try await withIdentity { world in
            _ = try await world.register("wrong@example.com")
            _ = try? await world.logIn("wrong@example.com", "Wrong-Pass-123")
            #expect(try await world.count("known_device") == 1)
        }
    }
}
