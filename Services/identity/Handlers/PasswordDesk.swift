import API
package import Crypto
package import Kernel
package import Net

/// Where passwords are hashed and judged: on threads of their own, as many as there are cores, with a short queue. That
/// queue is the limit on logins; past it the caller is told to come back, and nobody else waits for it.
package struct PasswordDesk: Sendable {
    private let passwords: Passwords
    private let pool: BlockingPool

    package init(passwords: Passwords, pool: BlockingPool) { (self.passwords, self.pool) = (passwords, pool) }

    package func hash(_ password: Secret) async throws -> String {
        try await slowly { [passwords] in try passwords.hash(password) }
    }

    /// Against nobody's hash it takes as long, and differs.
    package func verify(_ password: Secret, against stored: String?) async throws -> Passwords.Verdict {
        try await slowly { [passwords] in
            if let stored { return passwords.verify(password, against: stored) }
            passwords.verifyUnknown(password)
            return .differs
        }
    }

    /// Refuses what a guesser tries early, who knows these words about its owner.
    package func check(_ password: Secret, under field: String, knowing words: [String]) async throws {
        if try await slowly({ PasswordStrength.isGuessable(password, knowing: words) }) {
            throw Problem.field(field, PasswordRules.isGuessable)
        }
    }

    private func slowly<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        do { return try await pool.run(work) } catch is PoolIsFull { throw Problem.unavailable(retryAfter: 3) }
    }
}
