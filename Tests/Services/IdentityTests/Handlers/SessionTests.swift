import API
import Identity
import IdentityDomain
import JSON
import Kernel
import Postgres
import Testing
import Web

struct SessionTests {
    @Test func `logout ends the session of its refresh token, and gateways are told`() async throws {
        try await withIdentity { world in
            let one = try await world.register("out@example.com").tokens
            let two = try await world.logIn("out@example.com").tokens
            let caller = try world.caller(one)
            let call = world.call(AccountsAPI.logOut.declaration, as: caller)
            let input = try RefreshToken(["refresh": .string(one.refresh)])
            _ = try await world.composition.sessionsOfCaller.logOut(input, call)
            #expect(try await world.revoked() == [caller.session])
            #expect(try await world.events().last == "identity.session_ended.v1")
            await #expect(throws: Problem.self) { try await world.refresh(one.refresh) }
            _ = try await world.refresh(two.refresh)
            // Once more changes nothing.
            let events = try await world.events()
            _ = try await world.composition.sessionsOfCaller.logOut(input, call)
            #expect(try await world.events() == events)
        }
    }

    @Test func `nobody ends a session of someone else`() async throws {
        try await withIdentity { world in
            let mine = try await world.register("mine@example.com").tokens
            let theirs = try await world.register("theirs@example.com", name: "Someone Else").tokens
            let (me, them) = (try world.caller(mine), try world.caller(theirs))
            let sessions = world.composition.sessionsOfCaller
            let byToken = await #expect(throws: Problem.self) {
                try await sessions.logOut(
                    try RefreshToken(["refresh": .string(theirs.refresh)]),
                    world.call(AccountsAPI.logOut.declaration, as: me))
            }
            #expect(byToken?.errors.map(\.field) == ["refresh"])
            let byID = await #expect(throws: Problem.self) {
                try await sessions.endOne(ByID(them.session), world.call(AccountsAPI.endSession.declaration, as: me))
            }
            #expect(byID == .notFound)
            _ = try await world.refresh(theirs.refresh)
        }
    }

    @Test func `the list shows where one is logged in, and one can end there`() async throws {
        try await withIdentity { world in
            let one = try await world.register("list@example.com").tokens
            world.clock.pass(.seconds(60))
            let two = try world.caller(try await world.logIn("list@example.com").tokens)
            let caller = try world.caller(one)
            let sessions = world.composition.sessionsOfCaller
            let call = world.call(AccountsAPI.sessions.declaration, as: caller)
            let list = try await sessions.list(NoInput(), call).page.items
            #expect(list.map(\.id) == [two.session, caller.session])
            #expect(list.map(\.isCurrent) == [false, true])
            #expect(list.allSatisfy { $0.device == "Test/1.0" && $0.address == "192.0.2.7" })
            _ = try await sessions.endOne(ByID(two.session), world.call(AccountsAPI.endSession.declaration, as: caller))
            #expect(try await sessions.list(NoInput(), call).page.items.map(\.id) == [caller.session])
            #expect(try await world.revoked() == [two.session])
        }
    }

    @Test func `logout everywhere ends all of them`() async throws {
        try await withIdentity { world in
            let first = try await world.register("all@example.com").tokens
            let second = try await world.logIn("all@example.com").tokens
            let call = world.call(AccountsAPI.logOutAll.declaration, as: try world.caller(first))
            _ = try await world.composition.sessionsOfCaller.logOutAll(NoInput(), call)
            for token in [first, second] {
                await #expect(throws: Problem.self) { try await world.refresh(token.refresh) }
            }
            #expect(try await world.revoked().count == 2)
            #expect(try await world.events().last == "identity.sessions_ended.v1")
        }
    }

    @Test func `logout and refresh at once leave nothing alive`() async throws {
        try await withIdentity(loops: 2) { world in
            for round in 0..<10 {
                let tokens = try await world.register("both\(round)@example.com").tokens
                let call = world.call(AccountsAPI.logOutAll.declaration, as: try world.caller(tokens))
                let outcomes = await parallel(8) { number in
                    if number == 3 {
                        _ = try await world.composition.sessionsOfCaller.logOutAll(NoInput(), call)
                        return tokens
                    }
                    return try await world.refresh(tokens.refresh)
                }
                for token in outcomes.compactMap({ try? $0.get() }) {
                    await #expect(throws: Problem.self) { try await world.refresh(token.refresh) }
                }
            }
        }
    }

    @Test func `gateways forget a session when none of its tokens can live`() async throws {
        try await withIdentity { world in
            let tokens = try await world.register("forget@example.com").tokens
            let call = world.call(AccountsAPI.logOutAll.declaration, as: try world.caller(tokens))
            _ = try await world.composition.sessionsOfCaller.logOutAll(NoInput(), call)
            world.clock.pass(.seconds(15 * 60 + 60))
            #expect(try await world.revoked().count == 1)
            world.clock.pass(.seconds(61))
            #expect(try await world.revoked().isEmpty)
            world.clock.pass(.seconds(31 * 86_400))
            await world.composition.housekeeping.once()
            #expect(try await world.count("session") == 0)
            #expect(try await world.count("refresh_token") == 0)
        }
    }
}
