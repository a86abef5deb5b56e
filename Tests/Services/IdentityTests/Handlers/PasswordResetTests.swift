import API
import HTTP
import Identity
import JSON
import Kernel
import Postgres
import TestSupport
import Testing
import Web

extension World {
    static let another = "EvenMoreSecure456!"

    func forgot(_ email: String, key: String? = nil, from address: String = "192.0.2.7") async throws {
        _ = try await composition.passwordReset.forgot(
            try EmailOnly(["email": .string(email)]),
            .test(PasswordResetAPI.forgot.declaration, from: address, key: key))
    }

    func resetToken(of account: ID<Account>) async throws -> String? {
        try await composition.passwordReset.mintToken(ByID(account), call(PasswordResetAPI.mintToken.declaration))
            .view.token
    }

    func reset(_ token: String?, to password: String = another, key: String? = nil) async throws {
        try await reset(
            [
                "token": .string(token ?? ""), "new_password": .string(password), "confirm_password": .string(password),
            ], key: key)
    }

    func reset(_ body: JSONValue, key: String? = nil) async throws {
        _ = try await composition.passwordReset.reset(
            try Attempt<ResetPassword>(body), call(PasswordResetAPI.reset.declaration, key: key))
    }

    /// Asked, looked for, and made: what the mail's link carries.
    func link(_ email: String, of account: ID<Account>) async throws -> String {
        try await forgot(email)
        try await composition.mailRequests.once()
        return try await resetToken(of: account) ?? ""
    }
}

private let invalid = Problem.field("token", "This link is invalid or has expired. Please ask for a new one.")
private let requested = "identity.password_reset_requested.v1"

struct PasswordResetTests {
    @Test func `a link sets a new password once, and ends every session`() async throws {
        try await withIdentity { world in
            let signedIn = try await world.register("lost@example.com")
            let session = try world.caller(signedIn.tokens).session
            let token = try await world.link("Lost@example.com", of: signedIn.user.id)
            try await world.reset(token)
            #expect(try await world.revoked() == [session])
            await #expect(throws: Problem.self) { try await world.refresh(signedIn.tokens.refresh) }
            await #expect(throws: Problem.self) { try await world.logIn("lost@example.com") }
            _ = try await world.logIn("lost@example.com", World.another)
            await #expect(throws: invalid) { try await world.reset(token, to: "Yet-Another-789!") }
            #expect(
                try await world.events().suffix(3) == [
                    requested, "identity.password_changed.v1", "identity.sessions_ended.v1",
                ])
            let noted = try await world.actions()
            for action in ["password.reset_asked", "password.reset_requested", "password.reset_link_made"] {
                #expect(noted.filter { $0 == action }.count == 1, "\(action)")
            }
            #expect(noted.contains("password.reset"))
        }
    }

    @Test func `of fifty who present one token at once, one sets a password`() async throws {
        try await withIdentity(loops: 2, hashingQueue: 4) { world in
            let user = try await world.register("race@example.com").user
            let token = try await world.link("race@example.com", of: user.id)
            let outcomes = await parallel(50) { number in try await world.reset(token, to: "Race-Number-\(number)!x") }
            #expect(outcomes.filter { (try? $0.get()) != nil }.count == 1)
            for case .failure(let error) in outcomes { #expect(error as? Problem == invalid) }
        }
    }

    @Test func `a token lives half an hour, and is made only for who asked half an hour ago at most`() async throws {
        try await withIdentity { world in
            let user = try await world.register("slow@example.com").user
            #expect(try await world.resetToken(of: user.id) == nil)
            let token = try await world.link("slow@example.com", of: user.id)
            world.clock.pass(.seconds(30 * 60))
            await #expect(throws: invalid) { try await world.reset(token) }
            #expect(try await world.resetToken(of: user.id) == nil)
            let fresh = try await world.link("slow@example.com", of: user.id)
            world.clock.pass(.seconds(30 * 60 - 1))
            try await world.reset(fresh)
            #expect(try await world.resetToken(of: user.id) == nil)
            await #expect(throws: Problem.notFound) { try await world.resetToken(of: .make(at: world.clock.now)) }
        }
    }

    @Test func `a request that nobody looked at in time tells nobody anything`() async throws {
        try await withIdentity { world in
            let user = try await world.register("late@example.com").user
            try await world.forgot("late@example.com")
            world.clock.pass(.seconds(30 * 60))
            try await world.composition.mailRequests.once()
            #expect(try await !world.events().contains(requested))
            #expect(try await world.resetToken(of: user.id) == nil)
        }
    }

    @Test func `only the newest link works, and none after the password was changed`() async throws {
        try await withIdentity { world in
            let signedIn = try await world.register("twice@example.com")
            let older = try await world.link("twice@example.com", of: signedIn.user.id)
            let newer = try await world.link("twice@example.com", of: signedIn.user.id)
            await #expect(throws: invalid) { try await world.reset(older) }
            let body: JSONValue = [
                "old_password": .string(World.strong), "new_password": "Chosen-By-Hand-1",
                "confirm_password": "Chosen-By-Hand-1",
            ]
            _ = try await world.composition.passwordChange.change(
                try Attempt<ChangePassword>(body),
                world.call(AccountsAPI.changePassword.declaration, as: try world.caller(signedIn.tokens)))
            await #expect(throws: invalid) { try await world.reset(newer) }
            #expect(try await world.resetToken(of: signedIn.user.id) == nil)
        }
    }

    @Test func `of an email that was changed, or an account switched off, nothing is reset`() async throws {
        try await withIdentity { world in
            let moved = try await world.register("old@example.com")
            let token = try await world.link("old@example.com", of: moved.user.id)
            try await world.askForEmail("new@example.com", as: moved)
            try await world.confirmEmail(try #require(try await world.emailToken(of: moved.user.id)))
            await #expect(throws: invalid) { try await world.reset(token) }
            #expect(try await world.resetToken(of: moved.user.id) == nil)

            let off = try await world.register("off@example.com", name: "Someone Else").user
            let second = try await world.link("off@example.com", of: off.id)
            try await world.database.run("update account set is_active = false where account_id = \(off.id)")
            await #expect(throws: invalid) { try await world.reset(second) }
            #expect(try await world.resetToken(of: off.id) == nil)
            try await world.forgot("off@example.com")
            try await world.composition.mailRequests.once()
            #expect(try await world.events().filter { $0 == requested }.count == 2)
        }
    }

    @Test func `everything wrong is told at once, under the names sent`() async throws {
        try await withIdentity { world in
            let user = try await world.register("all@example.com", name: "Wolfeschlegelstein", username: "someone").user
            let token = try await world.link("all@example.com", of: user.id)
            let faults = await #expect(throws: Problem.self) {
                try await world.reset(["token": "prxp_none", "password": "Password1", "password_confirm": "other"])
            }
            #expect(
                faults?.errors == [
                    .init(
                        field: "password",
                        messages: [
                            "Password must contain at least one special character.",
                            "This password is too easy to guess.",
                        ]),
                    .init(field: "password_confirm", messages: ["Passwords do not match."]),
                    invalid.errors[0],
                ])
            let missing = await #expect(throws: Problem.self) { try await world.reset([:]) }
            #expect(missing?.errors.map(\.field) == ["token", "new_password", "confirm_password"])
            let similar = await #expect(throws: Problem.self) {
                try await world.reset(token, to: "Wolfeschlegelstein1!")
            }
            #expect(similar?.errors.map(\.messages) == [["The password is too similar to the name."]])
            try await world.reset([
                "token": .string(token), "password": "Kolibri-77-x", "confirm_password": "Kolibri-77-x",
            ])
        }
    }

    @Test func `whoever guessed before slows the owner down no more`() async throws {
        try await withIdentity { world in
            let user = try await world.register("guessed@example.com", username: "guessed").user
            for name in ["guessed@example.com", "guessed"] {
                for _ in 0..<5 { _ = try? await world.logIn(name, "Wrong-Pass-123") }
                let slowed = await #expect(throws: Problem.self) { try await world.logIn(name) }
                #expect(slowed?.code == .rateLimited)
            }
            try await world.reset(try await world.link("guessed@example.com", of: user.id))
            _ = try await world.logIn("guessed@example.com", World.another)
            _ = try await world.logIn("guessed", World.another)
        }
    }

    @Test func `a repeated reset gets its first answer`() async throws {
        try await withIdentity { world in
            let user = try await world.register("again@example.com").user
            let token = try await world.link("again@example.com", of: user.id)
            try await world.reset(token, key: "key-1")
            let replay = await #expect(throws: Replay.self) { try await world.reset(token, key: "key-1") }
            #expect(replay?.response.status == .ok)
        }
    }

    @Test func `no table and no event holds a token`() async throws {
        try await withIdentity { world in
            let user = try await world.register("table@example.com").user
            let token = try await world.link("table@example.com", of: user.id)
            let all = Column<String>("r::text || (select string_agg(envelope::text, '') from outbox)")
            let kept = try await world.database.read(all) { "select \($0) from password_reset r" }.one
            #expect(!kept.contains(token.dropFirst(5)))
        }
    }

    @Test func `housekeeping forgets what can do nothing any more, and nothing sooner`() async throws {
        try await withIdentity { world in
            let user = try await world.register("clean@example.com").user
            _ = try await world.link("clean@example.com", of: user.id)
            world.clock.pass(.seconds(3599))
            await world.composition.housekeeping.once()
            #expect(try await world.count("password_reset") == 1)
            #expect(try await world.count("mail_wish") == 1)
            world.clock.pass(.seconds(2))
            await world.composition.housekeeping.once()
            #expect(try await world.count("password_reset") == 0)
            #expect(try await world.count("mail_wish") == 0)
        }
    }
}
