import API
import Identity
import Postgres
import Testing

@Suite struct HousekeepingTests {
    @Test func `a duty that fails keeps none of the others waiting`() async throws {
        try await withIdentity { world in
            let user = try await world.register("starved@example.com").user
            _ = try await world.link("starved@example.com", of: user.id)
            world.clock.pass(.seconds(3601))
            // The first duty reads the signing keys, and cannot.
            try await world.database.run("update signing_key set sealed_pem = sealed_pem || sealed_pem")
            await world.composition.housekeeping.once()
            #expect(try await world.count("password_reset") == 0)
        }
    }
}
