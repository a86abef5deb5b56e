import API
import Crypto
import Identity
import IdentityDomain
import JSON
import Kernel
import Postgres
import Testing

struct LoginTests {
    @Test func `unknown and wrong are refused with the same words`() async throws {
        try await withIdentity { world in
            _ = try await world.register("known@example.com", username: "known")
            for name in ["known@example.com", "known", "unknown@example.com", "unknown"] {
                let problem = await #expect(throws: Problem.self) { try await world.logIn(name, "Wrong-Pass-123") }
                #expect(problem == Problem(.invalidCredentials, "Invalid credentials."))
            }
            #expect(try await world.actions().filter { $0 == "login.failed" }.count == 4)
        }
    }

    @Test(arguments: ["known@example.com", "unknown@example.com"])
    func `guessing slows down, whether or not the account exists`(name: String) async throws {
        try await withIdentity { world in
            _ = try await world.register("known@example.com")
            var waits: [Int?] = []
            for _ in 0..<5 {
                let problem = await #expect(throws: Problem.self) { try await world.logIn(name, "Wrong-Pass-123") }
                waits.append(problem?.retryAfter)
            }
            #expect(waits == [nil, nil, nil, nil, nil])
            let refused = await #expect(throws: Problem.self) { try await world.logIn(name) }
            #expect(refused?.code == .rateLimited)
            #expect(refused?.retryAfter == 1)
            world.clock.pass(.seconds(1))
            _ = await #expect(throws: Problem.self) { try await world.logIn(name, "Wrong-Pass-123") }
            let second = await #expect(throws: Problem.self) { try await world.logIn(name) }
            #expect(second?.retryAfter == 2)
        }
    }

    @Test func `it never becomes a lock, and a login ends it`() async throws {
        try await withIdentity { world in
            _ = try await world.register("patient@example.com")
            for _ in 0..<30 {
                _ = await #expect(throws: Problem.self) {
                    try await world.logIn("patient@example.com", "Wrong-Pass-123")
                }
                world.clock.pass(.seconds(60))
            }
            _ = try await world.logIn("patient@example.com")
            for _ in 0..<4 {
                let problem = await #expect(throws: Problem.self) {
                    try await world.logIn("patient@example.com", "Wrong-Pass-123")
                }
                #expect(problem?.code == .invalidCredentials)
            }
            _ = try await world.logIn("patient@example.com")
        }
    }

    @Test func `many guesses at once are all counted`() async throws {
        try await withIdentity(loops: 2) { world in
            _ = try await world.register("burst@example.com")
            let outcomes = await parallel(40) { _ in try await world.logIn("burst@example.com", "Wrong-Pass-123") }
            let looked = outcomes.filter { outcome in
                guard case .failure(let error) = outcome, let problem = error as? Problem else { return false }
                return problem.code == .invalidCredentials
            }
            #expect(looked.count == 5)
        }
    }

    @Test func `of two at once the earlier one passes though it is counted later`() async throws {
        try await withIdentity { world in
            _ = try await world.register("known@example.com")
            world.clock.pass(.seconds(1))
            for _ in 0..<4 {
                let problem = await #expect(throws: Problem.self) {
                    try await world.logIn("known@example.com", "Wrong-Pass-123")
                }
                #expect(problem?.code == .invalidCredentials)
                world.clock.pass(.milliseconds(-20))
            }
            _ = try await world.logIn("known@example.com")
        }
    }

    @Test func `an account that is switched off says so only to who has its password`() async throws {
        try await withIdentity { world in
            let user = try await world.register("off@example.com").user
            try await world.database.run("update account set is_active = false where account_id = \(user.id)")
            let problem = await #expect(throws: Problem.self) { try await world.logIn("off@example.com") }
            #expect(problem?.code == .accountInactive)
            let guessed = await #expect(throws: Problem.self) {
                try await world.logIn("off@example.com", "Wrong-Pass-123")
            }
            #expect(guessed?.code == .invalidCredentials)
        }
    }

    /// Made with Python's hashlib and crypt, as Django's hashers compose them.
    static let imported = [
        "pbkdf2_sha256$1$salt$\(World.djangoHash)",
        "pbkdf2_sha256$1200000$seasalt$pZvv/sQIfAbhXnCI/4b5KDpAdLLsCwGXZVKwSBdKyU0=",
        "bcrypt_sha256$$2b$04$abcdefghijklmnopqrstuuahjmfs8nMA0fYT./QVEqmK0qET7rwRa",
    ]

    @Test(arguments: imported)
    func `a hash imported from Django works once, and is ours from then on`(imported: String) async throws {
        try await withIdentity { world in
            let user = try await world.register("import@example.com").user
            try await world.database.run(
                "update account set password_hash = \(imported) where account_id = \(user.id)")
            _ = await #expect(throws: Problem.self) { try await world.logIn("import@example.com", World.strong + "x") }
            _ = try await world.logIn("import@example.com")
            let stored = try #require(try await world.composition.accounts.passwordHash(of: user.id))
            #expect(stored.hasPrefix("praxis1$1$"))
            _ = try await world.logIn("import@example.com")
        }
    }

    @Test func `a password changed while its owner logs in lets nobody in with the old one`() async throws {
        try await withIdentity { world in
            let user = try await world.register("between@example.com").user
            let candidate = try #require(
                try await world.composition.accounts.candidates(for: "between@example.com").first)
            try await world.database.run("update account set password_hash = 'other' where account_id = \(user.id)")
            let isIn = try await world.database.transaction { tx in
                try await world.composition.accounts.noteLogin(
                    user.id, proven: candidate.passwordHash, rehashed: nil, at: world.clock.now, in: tx)
            }
            #expect(!isIn)
        }
    }

    @Test func `when the hashing threads have enough to do, the rest is told to come back`() async throws {
        try await withIdentity(loops: 2, hashingQueue: 1) { world in
            let outcomes = await parallel(60) { try await world.logIn("someone\($0)@example.com") }
            let codes = outcomes.compactMap { outcome -> Problem.Code? in
                guard case .failure(let error) = outcome else { return nil }
                return (error as? Problem)?.code
            }
            #expect(codes.count == 60)
            #expect(codes.contains(.serviceUnavailable))
            #expect(codes.allSatisfy { $0 == .serviceUnavailable || $0 == .invalidCredentials })
        }
    }

    @Test func `a login needs one of two names and a password that is not endless`() {
        let missing = #expect(throws: Problem.self) { try LogIn(["password": "x"]) }
        #expect(missing?.errors.map(\.field) == ["email"])
        let endless = #expect(throws: Problem.self) {
            try LogIn(["username": "a", "password": .string(String(repeating: "x", count: 2000))])
        }
        #expect(endless?.errors.map(\.field) == ["password"])
    }
}
