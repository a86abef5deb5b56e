import API
import Chassis
import Crypto
import Identity
import IdentityDomain
import JSON
import Kernel
import Postgres
import Settings
import Testing
import Web

struct SecondFactorLoginTests {
    @Test func `the right password is asked for a code, by a word that programs can read`() async throws {
        try await withIdentity { world in
            let holder = try await world.holder("asked@example.com", username: "asked")
            for name in ["asked@example.com", "asked"] {
                let asked = await #expect(throws: Problem.self) { try await world.logIn(name) }
                #expect(asked == Problem(.otpRequired, "A one-time code is required."))
                let empty = await #expect(throws: Problem.self) { try await world.logIn(name, otp: " ") }
                #expect(empty?.code == .otpRequired)
            }
            _ = try await world.logIn("asked@example.com", otp: holder.code())
        }
    }

    @Test func `without the password nobody learns that there is a code to ask for`() async throws {
        try await withIdentity { world in
            let holder = try await world.holder("silent@example.com")
            for code in [nil, holder.code(), "000000"] {
                let problem = await #expect(throws: Problem.self) {
                    if let code { return try await world.logIn("silent@example.com", "Wrong-Pass-123", otp: code) }
                    return try await world.logIn("silent@example.com", "Wrong-Pass-123")
                }
                #expect(problem == Problem(.invalidCredentials, "Invalid credentials."))
            }
            world.clock.pass(.seconds(60))
            _ = try await world.logIn("silent@example.com", otp: holder.code())
        }
    }

    @Test func `codes of the step before and after count, and none further off`() async throws {
        try await withIdentity { world in
            let holder = try await world.holder("window@example.com")
            world.clock.pass(.seconds(300))
            for later in [Int64(-2), 2] {
                let refused = await #expect(throws: Problem.self) {
                    try await world.logIn("window@example.com", otp: holder.code(later))
                }
                #expect(refused == Problem(.otpInvalid, "The one-time code is not valid."))
            }
            for later in [Int64(-1), 0, 1] { _ = try await world.logIn("window@example.com", otp: holder.code(later)) }
        }
    }

    @Test func `a code lets in once, and what is refused is on record`() async throws {
        try await withIdentity { world in
            let holder = try await world.holder("once@example.com")
            _ = try await world.logIn("once@example.com", otp: holder.code())
            let again = await #expect(throws: Problem.self) {
                try await world.logIn("once@example.com", otp: holder.code())
            }
            #expect(again?.code == .otpInvalid)
            let older = await #expect(throws: Problem.self) {
                try await world.logIn("once@example.com", otp: holder.code(-1))
            }
            #expect(older?.code == .otpInvalid)
            #expect(try await world.actions().suffix(2) == ["second_factor.failed", "second_factor.failed"])
        }
    }

    @Test func `of fifty who come with one code at once, one gets in`() async throws {
        try await withIdentity(loops: 2) { world in
            let holder = try await world.holder("fifty@example.com", username: "fifty")
            for code in [holder.code(), holder.codes[0]] {
                // The delay of a name would hold most of them back before the code is looked at.
                let outcomes = await parallel(50) { _ in
                    try await world.database.run("delete from login_attempt")
                    return try await world.logIn("fifty", otp: code)
                }
                #expect(outcomes.filter { if case .success = $0 { true } else { false } }.count == 1)
                try await world.database.run("delete from login_attempt")
            }
            #expect(try await world.count("session") == 3)
        }
    }

    @Test func `the store lets one of fifty use a step, and one a recovery code`() async throws {
        try await withIdentity(loops: 2) { world in
            let holder = try await world.holder("store@example.com")
            let factors = SecondFactorStore(
                database: world.database, vault: try await Vault.open(world.database, sealer: world.dependencies.sealer)
            )
            let step = FactorRules.step(at: world.clock.now)
            let steps = await parallel(50) { _ in
                try await world.database.transaction { tx in
                    try await factors.use(step: step, of: holder.user.id, in: tx)
                }
            }
            #expect(try steps.map { try $0.get() }.filter { $0 }.count == 1)
            let hash = Digest.sha256(holder.codes[0].filter { $0 != "-" })
            let codes = await parallel(50) { _ in
                try await world.database.transaction { tx in
                    try await factors.use(recoveryCode: hash, of: holder.user.id, in: tx)
                }
            }
            #expect(try codes.map { try $0.get() }.filter { $0 }.count == 1)
        }
    }

    @Test func `guessing codes slows down more than guessing passwords, and a recovery code never waits`() async throws
    {
        try await withIdentity { world in
            let holder = try await world.holder("guesses@example.com")
            var looked = 0
            for _ in 0..<60 {
                let problem = await #expect(throws: Problem.self) {
                    try await world.logIn("guesses@example.com", otp: "000000")
                }
                looked += problem?.code == .otpInvalid ? 1 : 0
                world.clock.pass(.seconds(60))
            }
            #expect(looked == 17)
            let slowed = await #expect(throws: Problem.self) {
                try await world.logIn("guesses@example.com", otp: holder.code())
            }
            #expect(slowed?.code == .rateLimited && slowed?.retryAfter == 840)
            world.clock.pass(.seconds(60))
            _ = try await world.logIn("guesses@example.com", otp: holder.codes[9].lowercased())
            #expect(try await world.actions().contains("second_factor.recovery_code_used"))
            // The owner is in, and the count is taken back.
            _ = try await world.logIn("guesses@example.com", otp: holder.code())
        }
    }

    @Test func `a recovery code logs in once, and is nobody else's`() async throws {
        try await withIdentity { world in
            let one = try await world.holder("one@example.com")
            _ = try await world.holder("two@example.com")
            await #expect(throws: Problem.self) { try await world.logIn("two@example.com", otp: one.codes[0]) }
            _ = try await world.logIn("one@example.com", otp: one.codes[0])
            await #expect(throws: Problem.self) { try await world.logIn("one@example.com", otp: one.codes[0]) }
        }
    }

    @Test func `the tokens alone are asked for by the same rules`() async throws {
        try await withIdentity { world in
            let holder = try await world.holder("bare@example.com", username: "bare_user")
            func obtain(_ otp: JSONValue) async throws -> BearerTokensView {
                try await world.composition.login.obtainToken(
                    try ObtainToken(["username": "bare_user", "password": .string(World.strong), "otp": otp]),
                    world.call(TokensAPI.obtain.declaration)
                ).view
            }
            let asked = await #expect(throws: Problem.self) { try await obtain(.null) }
            #expect(asked?.code == .otpRequired)
            _ = try await obtain(.string(holder.code()))
        }
    }

    @Test func `who logs in with the password while a second factor is set up does not slip through`() async throws {
        try await withIdentity { world in
            let user = try await world.register("slips@example.com").user
            let accounts = world.composition.accounts
            let candidate = try #require(try await accounts.candidates(for: "slips@example.com").first)
            #expect(!candidate.hasSecondFactor)
            try await world.database.run("update account set second_factor_at = now() where account_id = \(user.id)")
            let isIn = try await world.database.transaction { tx in
                try await accounts.noteLogin(
                    user.id, proven: candidate.passwordHash, secondFactor: candidate.hasSecondFactor, rehashed: nil,
                    at: world.clock.now, in: tx)
            }
            #expect(!isIn)
        }
    }

    @Test func `an administrator without one may only set one up where that is asked for`() async throws {
        try await withIdentity { world in
            var reader = SettingsReader(Environment(process: environment.merging(["REQUIRE_ADMIN_MFA": "true"]) { $1 }))
            let strict = World(
                composition: try await Composition(world.dependencies, try IdentitySettings(&reader)),
                database: world.database, clock: world.clock, dependencies: world.dependencies,
                settings: world.settings, home: world.home,
                registrations: world.registrations)
            let account = try Operators.NewAccount(
                username: "root", name: "Root", email: "root@example.com", role: .admin, password: Secret(World.strong))
            _ = try await strict.composition.operators.make(account)
            let tokens = try await strict.logIn("root").tokens
            let caller = try strict.caller(tokens)
            #expect(caller.isEnrolling)
            #expect(try await strict.state(of: caller).isRequired)
            #expect(try strict.caller(try await strict.refresh(tokens.refresh)).isEnrolling)
            let staff = try await strict.register("staff@example.com").tokens
            #expect(!(try strict.caller(staff).isEnrolling))

            let again = try await strict.logIn("root").tokens
            let secret = try #require(Base32.decoded(try await strict.enrol(as: try strict.caller(again)).secret))
            let step = FactorRules.step(at: strict.clock.now)
            _ = try await strict.confirm(as: try strict.caller(again), TOTP.code(secret, step: step) ?? "")
            #expect(!(try strict.caller(try await strict.refresh(again.refresh)).isEnrolling))
            let full = try await strict.logIn("root", otp: TOTP.code(secret, step: step + 1) ?? "").tokens
            #expect(!(try strict.caller(full).isEnrolling))
        }
    }
}
