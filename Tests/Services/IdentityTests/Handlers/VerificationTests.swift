import API
import Identity
import JSON
import Kernel
import Postgres
import Testing
import Web

extension World {
    func token(of account: ID<Account>) async throws -> String? {
        try await composition.verification.mintToken(
            ByID(account), call(EnrolmentAPI.verificationToken.declaration)
        ).view.token
    }

    func verify(_ token: String?) async throws -> VerifiedProviderView {
        try await composition.verification.verifyProvider(
            try VerificationToken(["token": .string(token ?? "")]), call(VerificationAPI.verifyProvider.declaration)
        ).view
    }

    func resend(_ email: String) async throws {
        _ = try await composition.verification.resendToProvider(
            try EmailOnly(["email": .string(email)]), call(VerificationAPI.resendToProvider.declaration))
        try await composition.mailRequests.once()
    }
}

private let invalid = Problem.field("token", "This verification link is invalid or has expired.")

struct VerificationTests {
    @Test func `a token proves an email once, and takes all others of its account along`() async throws {
        try await withIdentity { world in
            let account = try await world.open("john@clinic.com")
            try await world.confirm(account)
            let tokens = [try await world.token(of: account), try await world.token(of: account)]
            let view = try await world.verify(tokens[0])
            #expect(view.email == "john@clinic.com")
            #expect(try await world.logInProvider("john@clinic.com").provider.isEmailVerified)
            #expect(try await world.logInProvider("john@clinic.com").provider.provider == view.provider)
            await #expect(throws: invalid) { try await world.verify(tokens[0]) }
            await #expect(throws: invalid) { try await world.verify(tokens[1]) }
            #expect(try await world.token(of: account) == nil)
            #expect(try await world.events().filter { $0 == "identity.email_verified.v1" }.count == 1)
            #expect(try await world.actions().contains("account.email_verified"))
        }
    }

    @Test func `of many who present one token at once, one is told yes`() async throws {
        try await withIdentity(loops: 2) { world in
            let account = try await world.open("john@clinic.com")
            try await world.confirm(account)
            let token = try await world.token(of: account)
            let outcomes = await parallel(20) { _ in try await world.verify(token) }
            #expect(outcomes.filter { (try? $0.get()) != nil }.count == 1)
        }
    }

    @Test func `a token lives a day`() async throws {
        try await withIdentity { world in
            let account = try await world.open("john@clinic.com")
            try await world.confirm(account)
            let (early, late) = (try await world.token(of: account), try await world.token(of: account))
            world.clock.pass(.seconds(24 * 3600))
            await #expect(throws: invalid) { try await world.verify(late) }
            let fresh = try await world.token(of: account)
            world.clock.pass(.seconds(24 * 3600 - 1))
            #expect(try await world.verify(fresh).email == "john@clinic.com")
            #expect(early != late)
        }
    }

    @Test func `an email that stands in an entry elsewhere is not changed here alone`() async throws {
        try await withIdentity { world in
            let account = try await world.open("john@clinic.com")
            try await world.confirm(account)
            let token = try await world.token(of: account)
            let caller = try world.caller(try await world.logInProvider("john@clinic.com").tokens)
            let refusal = await #expect(throws: Problem.self) {
                _ = try await world.composition.profile.update(
                    try Patch<UpdateAccount>(["email": "else@clinic.com", "current_password": .string(World.strong)]),
                    world.call(AccountsAPI.updateMe.declaration, as: caller))
            }
            #expect(refusal?.errors.map(\.field) == ["email"])
            #expect(try await world.verify(token).email == "john@clinic.com")
        }
    }

    @Test func `no table holds a token`() async throws {
        try await withIdentity { world in
            let account = try await world.open("john@clinic.com")
            try await world.confirm(account)
            let token = try #require(try await world.token(of: account))
            let kept = Column<String>("v::text")
            let row = try await world.database.read(kept) { "select \($0) from email_verification v" }.one
            #expect(!row.contains(token.dropFirst(5)))
        }
    }

    @Test func `a mail can be asked for three times an hour, and nobody learns who is here`() async throws {
        try await withIdentity { world in
            let account = try await world.open("john@clinic.com")
            try await world.confirm(account)
            let before = try await world.events().count
            for email in ["john@clinic.com", "nobody@clinic.com"] {
                for _ in 0..<3 { try await world.resend(email) }
                let refusal = await #expect(throws: Problem.self) { try await world.resend(email.uppercased()) }
                #expect(refusal?.code == .rateLimited && refusal?.retryAfter == 3600)
            }
            #expect(try await world.events().count == before + 3)
            world.clock.pass(.seconds(3600))
            try await world.resend("john@clinic.com")
            _ = try await world.verify(try await world.token(of: account))
            try await world.resend("john@clinic.com")
            #expect(try await world.events().filter { $0 == "identity.verification_requested.v1" }.count == 5)
        }
    }

    @Test func `the request itself does and leaves the same, whoever has the email`() async throws {
        try await withIdentity { world in
            try await world.confirm(try await world.open("known@clinic.com"))
            let before = try await world.events().count
            func ask(_ email: String) async throws -> [String] {
                let noted = try await world.actions().count
                _ = try await world.composition.verification.resendToProvider(
                    try EmailOnly(["email": .string(email)]), world.call(VerificationAPI.resendToProvider.declaration))
                #expect(try await world.events().count == before)
                return Array(try await world.actions().dropFirst(noted))
            }
            #expect(try await ask("known@clinic.com") == ["account.verification_asked"])
            #expect(try await ask("nobody@clinic.com") == ["account.verification_asked"])
            try await world.composition.mailRequests.once()
            #expect(try await world.events().count == before + 1)
            #expect(try await world.actions().last == "account.verification_requested")
        }
    }

    @Test func `a request for one mail is none for another`() async throws {
        try await withIdentity { world in
            try await world.confirm(try await world.open("both@clinic.com"))
            for _ in 0..<3 { try await world.resend("both@clinic.com") }
            try await world.forgot("both@clinic.com")
            #expect(try await world.count("mail_wish") == 2)
        }
    }

    @Test func `how often a mail can be asked for is a setting`() async throws {
        try await withIdentity(settings: ["RATE_LIMIT_RESEND": "1/10m"]) { world in
            try await world.resend("nobody@clinic.com")
            try await world.forgot("nobody@clinic.com")
            for ask in [world.resend, { try await world.forgot($0) }] {
                let refusal = await #expect(throws: Problem.self) { try await ask("nobody@clinic.com") }
                #expect(refusal?.code == .rateLimited && refusal?.retryAfter == 600)
            }
        }
    }
}
