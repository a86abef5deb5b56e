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
            let input = try Attempt<RegisterAccount>(World.registration("twice@example.com"))
            let call = world.call(AccountsAPI.register.declaration, key: "key-1")
            let first = try await world.composition.registration.register(input, call)
            let replay = await #expect(throws: Replay.self) {
                try await world.composition.registration.register(input, call)
            }
            #expect(replay?.response.status == .created)
            #expect(try await world.count("account") == 1)
            #expect(try await world.count("session") == 1)
            let kept = try await world.database.read(Column<String>("encode(answer, 'escape')")) {
                "select \($0) from idempotency_key"
            }.one
            #expect(!kept.contains(first.view.tokens.refresh))
        }
    }

    private func change(_ world: World, as caller: Caller, to new: String, key: String) async throws {
        let body: JSONValue = [
            "old_password": .string(World.strong), "new_password": .string(new), "confirm_password": .string(new),
        ]
        _ = try await world.composition.passwordChange.change(
            try Attempt<ChangePassword>(body),
            world.call(AccountsAPI.changePassword.declaration, as: caller, key: key))
    }

    @Test func `a change of password repeated under its key is answered as the first time, however often`() async throws
    {
        try await withIdentity { world in
            let caller = try world.caller(try await world.register("change@example.com").tokens)
            try await change(world, as: caller, to: World.another, key: "key-1")
            for _ in 0..<10 {
                let replay = await #expect(throws: Replay.self) {
                    try await change(world, as: caller, to: World.another, key: "key-1")
                }
                #expect(replay?.response.status == .ok)
            }
            // Under another key it is another request, and the old password is old.
            let other = await #expect(throws: Problem.self) {
                try await change(world, as: caller, to: World.another, key: "key-2")
            }
            #expect(other?.errors.map(\.field) == ["old_password"])
        }
    }

    @Test func `of many changes at once under one key all get one answer`() async throws {
        try await withIdentity(loops: 2) { world in
            let caller = try world.caller(try await world.register("at-once@example.com").tokens)
            let outcomes = await parallel(4) { _ in
                try await change(world, as: caller, to: World.another, key: "key-1")
            }
            for case .failure(let error) in outcomes { #expect(error is Replay) }
            #expect(outcomes.filter { (try? $0.get()) != nil }.count == 1)
            #expect(try await world.events().filter { $0 == "identity.password_changed.v1" }.count == 1)
        }
    }

    @Test func `what was refused is looked at anew`() async throws {
        try await withIdentity { world in
            let caller = try world.caller(try await world.register("anew@example.com").tokens)
            for _ in 0..<2 {
                let weak = await #expect(throws: Problem.self) {
                    try await change(world, as: caller, to: "Password1!", key: "key-1")
                }
                #expect(weak?.errors.map(\.field) == ["new_password"])
            }
            try await change(world, as: caller, to: World.another, key: "key-1")
        }
    }
}
