package import API
package import Crypto
package import Kernel
package import Net

/// Where passwords are hashed and judged: on threads of their own, as many as there are cores, with a short queue. That
/// queue is the limit on logins; past it the caller gets 503 with Retry-After.
package struct PasswordHasher: Sendable {
    private let passwords: Passwords
    private let pool: BlockingPool

    package init(passwords: Passwords, pool: BlockingPool) {
        self.passwords = passwords
        self.pool = pool
    }

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

    /// What a form cannot check of a password: that it is easy to guess for whoever knows its owner. One that is too
    /// short or too long has been told so, and is not looked at.
    package func faults(
        of chosen: ChosenPassword?, knowing known: [(name: String, text: String)]
    ) async throws -> [Problem.FieldFaults] {
        guard let chosen, PasswordRules.length.contains(chosen.text.expose().unicodeScalars.count) else { return [] }
        let similar = known.filter { PasswordRules.isSimilar(chosen.text.expose(), to: $0.text) }
        var messages = similar.map { "The password is too similar to the \($0.name)." }
        if messages.isEmpty, try await isGuessable(chosen.text, knowing: known.map(\.text)) {
            messages = [PasswordRules.isGuessable]
        }
        return messages.isEmpty ? [] : [Problem.FieldFaults(field: chosen.field, messages: messages)]
    }

    private func isGuessable(_ password: Secret, knowing words: [String]) async throws -> Bool {
        try await slowly { PasswordStrength.isGuessable(password, knowing: words) }
    }

    /// Refuses what a guesser tries early, who knows these words about its owner.
    package func check(_ password: Secret, under field: String, knowing words: [String]) async throws {
        if try await isGuessable(password, knowing: words) {
            throw Problem.field(field, PasswordRules.isGuessable)
        }
    }

    private func slowly<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        do { return try await pool.run(work) } catch is PoolIsFull { throw Problem.unavailable(retryAfter: 3) }
    }
}
