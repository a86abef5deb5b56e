import API
import HTTP
import Identity
import JSON
import Kernel
import Postgres
import Testing
import Web

struct IdempotencyTests {
    @Test func `a registration repeated under its key is answered as the first time`() async throws {
        try await withIdentity { world in
            let input = try RegisterAccount(World.registration("twice@example.com"))
            let call = world.call(AccountsAPI.register.declaration, key: "key-1")
            let first = try await world.composition.registration.register(input, call)
            let replay = await #expect(throws: Replay.self) {
                try await world.composition.registration.register(input, call)
            }
            #expect(replay?.response.status == .created)
            #expect(try await world.count("account") == 1)
            #expect(try await world.count("session") == 1)
            let kept = try await world.database.read("select encode(answer, 'escape') from idempotency_key").one.text(0)
            #expect(!kept.contains(first.view.tokens.refresh))
        }
    }
}
