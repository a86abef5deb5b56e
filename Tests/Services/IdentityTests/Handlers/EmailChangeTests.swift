import API
import Forms
import Identity
import JSON
import Kernel
import Postgres
import Testing
import Web

extension World {
    @discardableResult
    func askForEmail(_ email: String, as person: SignedInView) async throws -> OwnProfileView {
        let answer = try await composition.profile.update(
            try Patch<UpdateAccount>(["email": .string(email), "current_password": .string(World.strong)]),
            call(AccountsAPI.updateMe.declaration, as: try caller(person.tokens)))
        try await composition.mailRequests.once()
        return answer.view
    }

    /// As notifier asks for it while it writes the mail.
    func emailToken(of account: ID<Account>) async throws -> String? {
        let call = call(EmailChangeAPI.mintToken.declaration)
        return try await composition.emailChange.mintToken(ByID(account), call).view.link?.token
    }

    func confirmEmail(_ token: String) async throws {
        _ = try await composition.emailChange.confirm(
            try VerificationToken(["token": .string(token)]), call(EmailChangeAPI.confirm.declaration))
    }
}

private let invalid = Problem.field("token", "This link is invalid or has expired.")

struct EmailChangeTests {
    private func profile(_ world: World, of person: SignedInView) async throws -> OwnProfileView {
        let call = world.call(AccountsAPI.me.declaration, as: try world.caller(person.tokens))
        return try await world.composition.profile.show(NoInput(), call).view
    }

    private func contact(_ world: World, of person: SignedInView) async throws -> String {
        let call = world.call(AccountsAPI.contact.declaration)
        return try await world.composition.contacts.show(ByID(person.user.id), call).view.email
    }

    private func former(_ world: World, of person: SignedInView) async throws -> String? {
        let call = world.call(EmailChangeAPI.formerEmail.declaration)
        return try await world.composition.emailChange.showFormer(ByID(person.user.id), call).view.email
    }

    @Test func `a new email counts once it is proven, and until then the old one does`() async throws {
        try await withIdentity { world in
            let person = try await world.register("before@example.com")
            let asked = try await world.askForEmail("after@example.com", as: person)
            #expect(asked.profile.user.email == "before@example.com" && asked.pendingEmail == "after@example.com")
            #expect(try await profile(world, of: person).pendingEmail == "after@example.com")
            #expect(try await contact(world, of: person) == "before@example.com")
            await #expect(throws: Problem.self) { try await world.logIn("after@example.com") }
            _ = try await world.logIn("before@example.com")
            #expect(try await former(world, of: person) == nil)

            let token = try #require(try await world.emailToken(of: person.user.id))
            try await world.confirmEmail(token)
            let moved = try await profile(world, of: person)
            #expect(moved.profile.user.email == "after@example.com" && moved.pendingEmail == nil)
            #expect(try await contact(world, of: person) == "after@example.com")
            _ = try await world.logIn("after@example.com")
            await #expect(throws: Problem.self) { try await world.logIn("before@example.com") }
            #expect(try await former(world, of: person) == "before@example.com")
            #expect(
                try await world.events().filter { $0.contains("email_change") }
                    == ["identity.email_change_requested.v1", "identity.email_changed.v1"])
            await #expect(throws: invalid) { try await world.confirmEmail(token) }
        }
    }

    @Test func `a link works a day, the newest alone, and not after the password was changed`() async throws {
        try await withIdentity { world in
            let person = try await world.register("old@example.com")
            try await world.askForEmail("new@example.com", as: person)
            let first = try #require(try await world.emailToken(of: person.user.id))
            let second = try #require(try await world.emailToken(of: person.user.id))
            await #expect(throws: invalid) { try await world.confirmEmail(first) }
            try await AccountTests().change(world, as: try world.caller(person.tokens))
            await #expect(throws: invalid) { try await world.confirmEmail(second) }
            #expect(try await profile(world, of: person).pendingEmail == nil)
            #expect(try await world.emailToken(of: person.user.id) == nil)

            let other = try await world.register("other@example.com", name: "Other One")
            try await world.askForEmail("late@example.com", as: other)
            let late = try #require(try await world.emailToken(of: other.user.id))
            world.clock.pass(.seconds(86_400))
            await #expect(throws: invalid) { try await world.confirmEmail(late) }
            world.clock.pass(.seconds(1))
            await world.composition.housekeeping.once()
            #expect(try await world.count("email_change") == 0)
        }
    }

    @Test func `an address that was taken meanwhile is refused, and links are asked for three times an hour`()
        async throws
    {
        try await withIdentity { world in
            let person = try await world.register("mine@example.com")
            try await world.askForEmail("wanted@example.com", as: person)
            let token = try #require(try await world.emailToken(of: person.user.id))
            _ = try await world.register("Wanted@example.com", name: "Somebody Else")
            let taken = Problem.field("email", "A user with this email already exists.")
            await #expect(throws: taken) { try await world.confirmEmail(token) }
            #expect(try await contact(world, of: person) == "mine@example.com")

            for _ in 0..<3 { try await world.askForEmail("often@example.com", as: person) }
            world.clock.pass(.seconds(120))
            let refusal = await #expect(throws: Problem.self) {
                try await world.askForEmail("often@example.com", as: person)
            }
            #expect(refusal?.code == .rateLimited)
        }
    }

    @Test func `no table holds a new address in the clear, nor a token`() async throws {
        try await withIdentity { world in
            let person = try await world.register("plain@example.com")
            try await world.askForEmail("hidden@example.com", as: person)
            let token = try #require(try await world.emailToken(of: person.user.id))
            let rows = try await world.database.read(Column<String>("c::text")) { "select \($0) from email_change c" }
            #expect(rows.count == 1)
            for row in rows { #expect(!row.contains(token) && !row.contains("hidden")) }
        }
    }
}
