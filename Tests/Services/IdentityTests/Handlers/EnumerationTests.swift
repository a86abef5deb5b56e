import API
import Crypto
import Identity
import JSON
import Kernel
import Lifecycle
import Net
import Postgres
import Testing
import Web

/// Nobody learns who has an account, neither by what is answered nor by how much is done for the answer.
struct EnumerationTests {
    /// The problem that a caller is answered with.
    private func problem(_ work: () async throws -> Void) async -> Problem? {
        do {
            try await work()
            return nil
        } catch {
            return error as? Problem ?? .internalError
        }
    }

    @Test func `a login hashes one password, whether or not the account exists`() async throws {
        try await withIdentity { world in
            let user = try await world.register("known@example.com", username: "known").user
            let hashed = Locked(0)
            let pepper = Passwords.Pepper(version: 1, secret: Secret(String(repeating: "p", count: 32)))
            let passwords = Passwords(pepper: pepper, cost: 4) { _, _ in
                hashed.withLock { $0 += 1 }
                return nil
            }
            let pool = BlockingPool(name: "counted", threads: 1, queue: 8)
            defer { pool.shutDown() }
            let hasher = PasswordHasher(passwords: passwords, pool: pool, hashTime: .zero)
            func count(_ stored: String?) async throws -> Int {
                hashed.withLock { $0 = 0 }
                _ = try await hasher.verify(Secret("Wrong-Pass-123"), against: stored)
                return hashed.withLock { $0 }
            }
            let stored = try await world.composition.accounts.passwordHash(of: user.id)
            #expect(stored != nil)
            #expect(try await count(stored) == 1)
            #expect(try await count(nil) == 1)
        }
    }

    @Test func `a login answers the same words and leaves the same traces`() async throws {
        try await withIdentity { world in
            _ = try await world.register("known@example.com", username: "known")
            var answers: [Problem?] = []
            for name in ["known@example.com", "unknown@example.com", "known", "unknown"] {
                answers.append(await problem { _ = try await world.logIn(name, "Wrong-Pass-123") })
            }
            #expect(Set(answers.map { "\(String(describing: $0))" }).count == 1)
            let who = Projection(Column<String?>("subject"), Column<ID<Account>?>("actor_id"))
            let rows = try await world.database.read(who) {
                "select distinct \($0) from audit_entry where action = 'login.failed'"
            }
            #expect(rows.count == 1)
            #expect(rows.first?.0 == nil)
        }
    }

    @Test func `asking for a link or a mail answers the same, and is limited the same`() async throws {
        try await withIdentity { world in
            try await world.confirm(try await world.open("known@clinic.com"))
            var answers: [[Problem?]] = []
            for email in ["known@clinic.com", "unknown@clinic.com"] {
                var problems: [Problem?] = []
                for _ in 0..<4 { problems.append(await problem { try await world.forgot(email) }) }
                for _ in 0..<4 { problems.append(await problem { try await world.resend(email) }) }
                answers.append(problems)
            }
            #expect(answers[0] == answers[1])
            #expect(answers[0].map { $0?.code } == [nil, nil, nil, .rateLimited, nil, nil, nil, .rateLimited])
        }
    }

    @Test func `a link that is none says nothing about whom it could be for`() async throws {
        try await withIdentity { world in
            _ = try await world.register("known@example.com")
            let none = await problem { try await world.reset("prxp_" + String(repeating: "A", count: 43)) }
            let nonsense = await problem { try await world.reset("x") }
            #expect(none == nonsense && none?.errors.map(\.field) == ["token"])
        }
    }
}
