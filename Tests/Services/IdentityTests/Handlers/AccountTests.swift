import API
import Forms
import Identity
import IdentityDomain
import JSON
import Kernel
import Postgres
import Testing
import Web

struct AccountTests {
    static let other = "EvenMoreSecure456!"

    func change(_ world: World, as caller: Caller, old: String = World.strong, new: String = other) async throws {
        let body: JSONValue = [
            "old_password": .string(old), "new_password": .string(new), "confirm_password": .string(new),
        ]
        _ = try await world.composition.passwordChange.change(
            try Attempt<ChangePassword>(body), world.call(AccountsAPI.changePassword.declaration, as: caller))
    }

    @Test func `a new password ends all other sessions and keeps this one`() async throws {
        try await withIdentity { world in
            let here = try await world.register("change@example.com").tokens
            let there = try await world.logIn("change@example.com").tokens
            try await change(world, as: try world.caller(here))
            #expect(try await world.revoked() == [try world.caller(there).session])
            _ = try await world.refresh(here.refresh)
            await #expect(throws: Problem.self) { try await world.refresh(there.refresh) }
            await #expect(throws: Problem.self) { try await world.logIn("change@example.com") }
            _ = try await world.logIn("change@example.com", Self.other)
            #expect(
                try await world.events().suffix(2) == ["identity.password_changed.v1", "identity.sessions_ended.v1"])
        }
    }

    @Test func `a wrong old password changes nothing and slows down`() async throws {
        try await withIdentity { world in
            let caller = try world.caller(try await world.register("wrong@example.com").tokens)
            for _ in 0..<5 {
                let problem = await #expect(throws: Problem.self) {
                    try await change(world, as: caller, old: "Not-My-Pass-1")
                }
                #expect(problem?.errors.map(\.field) == ["old_password"])
            }
            let slowed = await #expect(throws: Problem.self) { try await change(world, as: caller) }
            #expect(slowed?.code == .rateLimited)
            _ = try await world.logIn("wrong@example.com")
        }
    }

    @Test func `a new password is held to the rules of the first, and the right old one counts as no failure`()
        async throws
    {
        try await withIdentity { world in
            let caller = try world.caller(try await world.register("rules@example.com").tokens)
            for weak in Array(repeating: ["Maria.Novak1", "Password1!"], count: 4).joined() {
                let problem = await #expect(throws: Problem.self) { try await change(world, as: caller, new: weak) }
                #expect(problem?.errors.map(\.field) == ["new_password"])
            }
            try await change(world, as: caller)
        }
    }

    @Test func `everything wrong with a change is told at once, the old password too`() async throws {
        try await withIdentity { world in
            let caller = try world.caller(try await world.register("all@example.com").tokens)
            let body: JSONValue = [
                "old_password": "Not-My-Pass-1", "new_password": "Password1", "password_confirm": "other",
            ]
            let faults = await #expect(throws: Problem.self) {
                _ = try await world.composition.passwordChange.change(
                    try Attempt<ChangePassword>(body), world.call(AccountsAPI.changePassword.declaration, as: caller))
            }
            #expect(
                faults?.errors == [
                    .init(
                        field: "old_password",
                        messages: ["Your password was entered incorrectly. Please enter it again."]),
                    .init(
                        field: "new_password",
                        messages: [
                            "Password must contain at least one special character.",
                            "This password is too easy to guess.",
                        ]),
                    .init(field: "password_confirm", messages: ["Passwords do not match."]),
                ])
        }
    }

    func patch(_ world: World, as caller: Caller, _ body: JSONValue, if condition: Condition = .none) async throws
        -> OwnProfileView
    {
        try await world.composition.profile.update(
            try Patch<UpdateAccount>(body),
            world.call(AccountsAPI.updateMe.declaration, as: caller, condition: condition)
        ).view
    }

    @Test func `a name is changed alone, an email with the password`() async throws {
        try await withIdentity { world in
            let caller = try world.caller(try await world.register("before@example.com").tokens)
            let renamed = try await patch(world, as: caller, ["name": "Maria Svoboda"]).profile
            #expect(renamed.user.name == "Maria Svoboda")
            let unproven = await #expect(throws: Problem.self) {
                try await patch(world, as: caller, ["email": "after@example.com"])
            }
            #expect(unproven?.errors.map(\.field) == ["current_password"])
            let moved = try await patch(
                world, as: caller, ["email": "after@example.com", "current_password": .string(World.strong)])
            #expect(moved.pendingEmail == "after@example.com")
            #expect(moved.profile.user.name == "Maria Svoboda")
            let spelled = try await patch(world, as: caller, ["email": "Before@example.com"])
            #expect(spelled.profile.user.email == "Before@example.com")
            #expect(spelled.pendingEmail == "after@example.com")
        }
    }

    @Test func `an email that is someone's stays theirs, and a stale ETag is refused`() async throws {
        try await withIdentity { world in
            _ = try await world.register("first@example.com")
            let caller = try world.caller(try await world.register("second@example.com", name: "Second One").tokens)
            let taken = await #expect(throws: Problem.self) {
                try await patch(
                    world, as: caller, ["email": "First@example.com", "current_password": .string(World.strong)])
            }
            #expect(taken == .field("email", "A user with this email already exists."))
            let stale = await #expect(throws: Problem.self) {
                try await patch(world, as: caller, ["name": "New"], if: .versions([7]))
            }
            #expect(stale?.code == .preconditionFailed)
            let ignored = try await patch(world, as: caller, ["role": "admin", "is_active": false, "name": "Second"])
            #expect(ignored.profile.user.role == .staff)
            #expect(ignored.profile.isActive)
        }
    }

    @Test func `an administrator finds accounts, and switches one off with its sessions`() async throws {
        try await withIdentity { world in
            _ = try await world.composition.operators.makeDemo()
            let admin = try world.caller(try await world.logIn("admin", "admin123").tokens)
            let tokens = try await world.register("someone@example.com", username: "some_one").tokens
            let users = world.composition.users
            func list(_ query: [(name: String, value: String)]) async throws -> [String] {
                let query = try ListUsers(Source(query: query))
                return try await users.list(query, world.call(UsersAPI.list.declaration, as: admin)).page.items
                    .map(\.user.username)
            }
            #expect(try await list([]).sorted() == ["admin", "demo_staff", "some_one"])
            #expect(try await list([("role", "admin")]) == ["admin"])
            #expect(try await list([("search", "some_")]) == ["some_one"])
            #expect(try await list([("search", "someXone")]).isEmpty)
            #expect(try await list([("search", "SOMEONE@example.com")]) == ["some_one"])

            let off = WithID<Account, UpdateUser>(
                id: try world.caller(tokens).account, body: try UpdateUser(["is_active": false]))
            let view = try await users.update(off, world.call(UsersAPI.update.declaration, as: admin)).view
            #expect(!view.isActive)
            await #expect(throws: Problem.self) { try await world.refresh(tokens.refresh) }
            #expect(try await world.revoked().count == 1)
            #expect(
                try await world.events().suffix(2)
                    == ["identity.account_deactivated.v1", "identity.sessions_ended.v1"])
            #expect(try await list([("is_active", "false")]) == ["some_one"])
            let trail = try await world.composition.trail.list(
                try ListAudit(Source(query: [("action", "account.deactivated")])),
                world.call(UsersAPI.audit.declaration, as: admin))
            #expect(trail.page.items.map(\.actor) == [admin.account])
        }
    }

    @Test func `the list goes on by its cursor without gap or repetition`() async throws {
        try await withIdentity { world in
            for number in 0..<7 {
                _ = try await world.register("page\(number)@example.com", username: "page\(number)")
                world.clock.pass(.seconds(1))
            }
            var names: [String] = []
            var cursor: String? = ""
            while let given = cursor {
                let query = try ListUsers(Source(query: [("cursor", given), ("page_size", "3")]))
                let page = try await world.composition.accounts.list(query)
                names += page.items.map(\.username)
                cursor = page.nextCursor
            }
            #expect(names == (0..<7).reversed().map { "page\($0)" })
        }
    }

    @Test func `an account that does not open keeps no other from the list`() async throws {
        try await withIdentity { world in
            for number in 0..<4 {
                _ = try await world.register("page\(number)@example.com", username: "page\(number)")
                world.clock.pass(.seconds(1))
            }
            try await world.database.run("update account set sealed_email = '\\x00' where username = 'page2'")
            let all = try await world.composition.accounts.list(try ListUsers(Source(query: [])))
            #expect(all.items.map(\.username) == ["page3", "page1", "page0"] && all.total == 4)
            let first = try await world.composition.accounts.list(
                try ListUsers(Source(query: [("cursor", ""), ("page_size", "2")])))
            #expect(first.items.map(\.username) == ["page3"])
            let rest = try ListUsers(
                Source(query: [("cursor", try #require(first.nextCursor)), ("page_size", "2")]))
            #expect(try await world.composition.accounts.list(rest).items.map(\.username) == ["page1", "page0"])
        }
    }

    @Test func `demo accounts are made once`() async throws {
        try await withIdentity { world in
            let first = try await world.composition.operators.makeDemo()
            #expect(first.map(\.outcome) == [.made, .made])
            #expect(try await world.composition.operators.makeDemo().map(\.outcome) == [.existed, .existed])
            #expect(try await world.logIn("admin@praxis.example", "admin123").user.role == .admin)
        }
    }
}

struct ContactTests {
    @Test func `the notifier learns how to reach an account and nobody unknown`() async throws {
        try await withIdentity { world in
            let user = try await world.register("nina@example.com", name: "Nina Simone").user
            let call = world.call(AccountsAPI.contact.declaration)
            let contact = try await world.composition.contacts.show(ByID(user.id), call).view
            #expect(contact.name == "Nina Simone")
            #expect(contact.email == "nina@example.com")
            #expect(contact.isActive)
            await #expect(throws: Problem.notFound) {
                try await world.composition.contacts.show(ByID(.make(at: world.clock.now)), call)
            }
        }
    }

    @Test func `an account that an administrator switches off is admitted no more, and one unknown is not found`()
        async throws
    {
        try await withIdentity { world in
            let user = try await world.register("nina@example.com", name: "Nina Simone").user
            #expect(try await world.isAdmitted(user.id))
            try await world.database.run("update account set is_active = false where account_id = \(user.id)")
            #expect(try await !world.isAdmitted(user.id))
            await #expect(throws: Problem.notFound) { try await world.isAdmitted(.make(at: world.clock.now)) }
        }
    }
}
