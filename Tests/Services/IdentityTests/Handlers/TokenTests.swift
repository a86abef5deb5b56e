import API
import Crypto
import Identity
import IdentityDomain
import JSON
import Kernel
import Postgres
import Testing

struct TokenTests {
    @Test func `fifty tabs that refresh at once get one answer, byte for byte`() async throws {
        try await withIdentity(loops: 2) { world in
            let first = try await world.register("tabs@example.com").tokens
            let outcomes = await parallel(50) { _ in try await world.refresh(first.refresh) }
            let answers = try outcomes.map { try $0.get() }
            #expect(Set(answers.map(\.access)).count == 1)
            #expect(Set(answers.map(\.refresh)).count == 1)
            #expect(answers.first?.refresh != first.refresh)
            #expect(try await world.count("refresh_token") == 2)
            #expect(try await world.revoked().isEmpty)
        }
    }

    @Test func `a lost answer is given again for ten seconds, then the family ends`() async throws {
        try await withIdentity { world in
            let first = try await world.register("lost@example.com").tokens
            let session = try world.caller(first).session
            let second = try await world.refresh(first.refresh)
            world.clock.pass(.seconds(9))
            #expect(try await world.refresh(first.refresh).refresh == second.refresh)
            world.clock.pass(.seconds(2))
            await #expect(throws: Problem.self) { try await world.refresh(first.refresh) }
            await #expect(throws: Problem.self) { try await world.refresh(second.refresh) }
            #expect(try await world.revoked() == [session])
            #expect(try await world.events().last == "identity.session_ended.v1")
            #expect(try await world.actions().last == "session.token_reused")
        }
    }

    @Test func `a predecessor's predecessor ends the family at once`() async throws {
        try await withIdentity { world in
            let first = try await world.register("old@example.com").tokens
            let second = try await world.refresh(first.refresh)
            let third = try await world.refresh(second.refresh)
            let problem = await #expect(throws: Problem.self) { try await world.refresh(first.refresh) }
            #expect(problem?.code == .invalidToken)
            await #expect(throws: Problem.self) { try await world.refresh(third.refresh) }
        }
    }

    @Test func `never two living chains, whatever comes in which order`() async throws {
        try await withIdentity(loops: 2) { world in
            for round in 0..<10 {
                let first = try await world.register("chain\(round)@example.com").tokens
                let second = try await world.refresh(first.refresh)
                // The thief uses the old one, the owner the new one, many times at once.
                _ = await parallel(20) { try await world.refresh($0 % 2 == 0 ? first.refresh : second.refresh) }
            }
            let alive = try await world.database.read(Column<Int>("count(*)")) {
                """
                select \($0) from refresh_token t join session s using (session_id)
                where t.used_at is null and s.ended_at is null group by s.session_id having count(*) > 1
                """
            }
            #expect(alive.isEmpty)
        }
    }

    @Test func `a refresh token lives a week, a session a month`() async throws {
        try await withIdentity { world in
            var tokens = try await world.register("week@example.com").tokens
            for _ in 0..<4 {
                world.clock.pass(.seconds(6 * 86_400))
                tokens = try await world.refresh(tokens.refresh)
            }
            world.clock.pass(.seconds(6 * 86_400 - 1))
            tokens = try await world.refresh(tokens.refresh)
            world.clock.pass(.seconds(2))
            await #expect(throws: Problem.self) { try await world.refresh(tokens.refresh) }
            #expect(try await world.events() == ["identity.account_registered.v1"])
        }
    }

    @Test func `the database has no token that could be used`() async throws {
        try await withIdentity { world in
            let first = try await world.register("dump@example.com").tokens
            let second = try await world.refresh(first.refresh)
            let token = Projection(
                Column<String>("encode(token_hash, 'escape')"), Column<String?>("encode(sealed_answer, 'escape')"))
            let kept = try await world.database.read(token) { "select \($0) from refresh_token" }
            for (hash, answer) in kept {
                let text = "\(hash) \(answer ?? "")"
                #expect(!text.contains(second.refresh))
                #expect(!text.contains(second.access.suffix(40)))
            }
        }
    }

    @Test func `what never was a token is refused like an expired one`() async throws {
        try await withIdentity { world in
            let problem = await #expect(throws: Problem.self) { try await world.refresh("prxr_nonsense") }
            #expect(problem == Problem(.invalidToken, "Token is invalid or expired."))
        }
    }

    @Test func `the bare shape of seed 004 says how long its token lives`() async throws {
        try await withIdentity { world in
            _ = try await world.register("bare@example.com", username: "bare")
            let input = try ObtainToken(["username": "bare", "password": .string(World.strong)])
            let bare = try await world.composition.login.obtainToken(input, world.call(TokensAPI.obtain.declaration))
            #expect(bare.view.expiresIn == 900)
            let again = try await world.composition.tokens.refreshBare(
                try RefreshToken(["refresh": .string(bare.view.refresh)]), world.call(TokensAPI.refresh.declaration))
            #expect(again.view.refresh != bare.view.refresh)
        }
    }

    @Test func `the next signing key is published before it signs, and tokens stay good`() async throws {
        try await withIdentity { world in
            let old = try await world.register("keys@example.com").tokens
            let ring = world.composition.mint.ring
            #expect(ring.published.count == 1)
            world.clock.pass(.seconds(89 * 86_400 + 1))
            try await ring.refresh()
            #expect(ring.published.count == 2)
            let before = try ring.signer().id
            #expect(JWT.unverifiedKeyID(old.access) == before)
            world.clock.pass(.seconds(86_400))
            try await ring.refresh()
            #expect(try ring.signer().id != before)
            #expect(ring.published.contains { $0.id == before })
            world.clock.pass(.seconds(9 * 86_400))
            try await ring.refresh()
            #expect(!ring.published.contains { $0.id == before })
        }
    }

    @Test func `two processes that start at once make one key`() async throws {
        try await withIdentity(loops: 2) { world in
            try await world.database.run("delete from signing_key")
            let processes = try await parallel(4) { _ in try await world.another() }.map { try $0.get() }
            #expect(try await world.count("signing_key") == 1)
            #expect(try await world.count("service_key") == 1)
            #expect(Set(try processes.map { try $0.mint.ring.signer().id }).count == 1)
        }
    }
}
