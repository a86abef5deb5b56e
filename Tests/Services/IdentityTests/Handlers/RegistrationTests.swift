import API
import Identity
import IdentityDomain
import JSON
import Kernel
import Postgres
import Testing

struct RegistrationTests {
    @Test func `the example of seed 002 makes an account that is logged in`() async throws {
        try await withIdentity { world in
            let example = try #require(RegisterAccount.example)
            let created = try await world.composition.registration.register(
                try Attempt<RegisterAccount>(example), world.call(AccountsAPI.register.declaration))
            #expect(created.view.user.name == "Dr. Alice Johnson")
            #expect(created.view.user.username == "dralicejohnson")
            #expect(created.view.user.role == .staff)
            #expect(created.answered.location == "/api/auth/me")
            let caller = try world.caller(created.view.tokens)
            #expect(caller.account == created.view.user.id)
            let me = try await world.composition.profile.show(
                NoInput(), world.call(AccountsAPI.me.declaration, as: caller))
            #expect(me.view.profile.user.email == "alice@hospital.com")
            #expect(try await world.events() == ["identity.account_registered.v1"])
            #expect(try await world.actions() == ["account.registered"])
        }
    }

    @Test func `the example of seed 001 works with its own names`() async throws {
        try await withIdentity { world in
            let view = try await world.composition.registration.register(
                try Attempt<RegisterAccount>([
                    "username": "johndoe", "email": "john@example.com", "name": "John Doe",
                    "password": "securepassword123", "password_confirm": "securepassword123",
                ]), world.call(AccountsAPI.register.declaration)
            ).view
            #expect(view.user.username == "johndoe")
            #expect(try await world.logIn("JohnDoe", "securepassword123").user.id == view.user.id)
            #expect(try await world.logIn("JOHN@example.com", "securepassword123").user.id == view.user.id)
        }
    }

    @Test func `the answer is a user and tokens, and nothing else`() throws {
        let user = UserView(
            id: .make(at: Instant(seconds: 1)), username: "u", name: "n", email: "e@example.com", role: .staff,
            createdAt: Instant(seconds: 1))
        var json = JSONWriter()
        SignedInView.shape.write(
            SignedInView(user: user, tokens: TokensView(access: "a", refresh: "r")), to: &json)
        let value = try JSONReader.read(json.bytes)
        #expect(value.object?.map(\.key) == ["user", "tokens"])
        #expect(value["user"]?.object?.map(\.key) == ["id", "username", "name", "email", "role", "created_at"])
        #expect(value["tokens"]?.object?.map(\.key) == ["access", "refresh"])
    }

    @Test func `everything wrong is told at once, under the names sent`() throws {
        let problem = #expect(throws: Problem.self) {
            try RegisterAccount(["name": "", "email": "no", "password": "short", "password_confirm": "other"])
        }
        #expect(
            problem?.errors == [
                .init(field: "name", messages: ["This field may not be blank."]),
                .init(field: "email", messages: ["Enter a valid email address."]),
                .init(
                    field: "password",
                    messages: [
                        "Password must contain at least 8 characters",
                        "Password must contain at least one uppercase letter.",
                        "Password must contain at least one digit.",
                        "Password must contain at least one special character.",
                    ]),
                .init(field: "password_confirm", messages: ["Passwords do not match."]),
            ])
        let missing = #expect(throws: Problem.self) { try RegisterAccount(["password": .string(World.strong)]) }
        #expect(missing?.errors.map(\.field) == ["name", "email", "confirm_password"])
    }

    @Test func `a password of one's own name or of everybody is refused`() async throws {
        let similar = #expect(throws: Problem.self) {
            try RegisterAccount(World.registration("maria@example.com", password: "Maria.Novak1"))
        }
        #expect(similar?.errors.first?.messages.contains("The password is too similar to the name.") == true)
        try await withIdentity { world in
            let problem = await #expect(throws: Problem.self) {
                try await world.composition.registration.register(
                    try Attempt<RegisterAccount>(World.registration("maria@example.com", password: "Password1!")),
                    world.call(AccountsAPI.register.declaration))
            }
            #expect(
                problem?.errors == [
                    .init(field: "password", messages: ["This password is too easy to guess."])
                ])
        }
    }

    @Test func `what is taken and what is easy to guess are told with all else that is wrong`() async throws {
        try await withIdentity { world in
            _ = try await world.register("taken@example.com", username: "taken")
            let problem = await #expect(throws: Problem.self) {
                try await world.composition.registration.register(
                    try Attempt<RegisterAccount>([
                        "name": "", "email": "taken@example.com", "username": "TAKEN", "password": "Password1",
                        "confirm_password": "other",
                    ]), world.call(AccountsAPI.register.declaration))
            }
            #expect(
                problem?.errors == [
                    .init(field: "name", messages: ["This field may not be blank."]),
                    .init(
                        field: "password",
                        messages: [
                            "Password must contain at least one special character.",
                            "This password is too easy to guess.",
                        ]),
                    .init(field: "confirm_password", messages: ["Passwords do not match."]),
                    .init(field: "email", messages: ["A user with this email already exists."]),
                    .init(field: "username", messages: ["A user with that username already exists."]),
                ])
        }
    }

    @Test func `fifty who register one email at once make one account`() async throws {
        try await withIdentity(loops: 2, hashingQueue: 2) { world in
            let outcomes = await parallel(50) { _ in try await world.register("race@example.com") }
            #expect(outcomes.filter { (try? $0.get()) != nil }.count == 1)
            let problems = outcomes.compactMap { outcome -> Problem? in
                guard case .failure(let error) = outcome else { return nil }
                return error as? Problem
            }
            #expect(problems.count == 49)
            #expect(problems.allSatisfy { $0 == .field("email", "A user with this email already exists.") })
            let kept = (accounts: try await world.count("account"), events: try await world.events().count)
            #expect(kept == (1, 1))
        }
    }

    @Test func `the constraint has the last word, not the look before`() async throws {
        try await withIdentity { world in
            let taken = try await world.register("one@example.com").user
            let account = try #require(try await world.composition.accounts.find(taken.id))
            let problem = await #expect(throws: Problem.self) {
                try await world.database.transaction { tx in
                    var copy = account
                    copy.username = "someoneelse"
                    copy = .init(
                        id: .make(at: world.clock.now), username: "someoneelse", name: copy.name, email: copy.email,
                        role: copy.role, createdAt: world.clock.now)
                    _ = try await world.composition.accounts.insert(copy, passwordHash: "x", in: tx)
                }
            }
            #expect(problem == .field("email", "A user with this email already exists."))
        }
    }

    @Test func `twenty of one name get twenty usernames`() async throws {
        try await withIdentity(loops: 2) { world in
            let outcomes = await parallel(20) { try await world.register("twin\($0)@example.com") }
            let names = try outcomes.map { try $0.get().user.username }
            #expect(Set(names).count == 20)
            #expect(names.filter { $0 == "drmarianovak" }.count == 1)
        }
    }

    @Test func `a username and an email that are taken are both told`() async throws {
        try await withIdentity { world in
            _ = try await world.register("one@example.com", username: "mnovak")
            let problem = await #expect(throws: Problem.self) {
                try await world.register("ONE@example.com", username: "MNovak")
            }
            #expect(problem?.errors.map(\.field) == ["email", "username"])
        }
    }

    @Test func `nothing readable of a person is in the table`() async throws {
        try await withIdentity { world in
            _ = try await world.register("canary@example.com", name: "Canary Person", username: "plain")
            let accounts = try await world.database.read(Column<String>("a::text")) { "select \($0) from account a" }
            let sessions = try await world.database.read(Column<String>("s::text")) { "select \($0) from session s" }
            let text = (accounts + sessions).joined()
            #expect(!text.lowercased().contains("canary"))
            #expect(!text.contains("192.0.2.7"))
        }
    }
}
