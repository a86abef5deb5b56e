package import API
package import Crypto
package import Kernel
package import Lifecycle
package import Net

/// Hashes and verifies passwords on a pool of threads of its own, as many as there are cores. Requests wait for a
/// thread in order of arrival, before their attempt is counted; one that would get it too late is refused at once (503
/// with `Retry-After`) and holds up nobody.
package struct PasswordHasher: Sendable {
    private let passwords: Passwords
    private let pool: BlockingPool
    private let turns: HashTurns

    /// - Parameter hashTime: what one hash is expected to take until some were measured.
    package init(passwords: Passwords, pool: BlockingPool, hashTime: Duration) {
        self.passwords = passwords
        self.pool = pool
        turns = HashTurns(HashQueue(width: pool.width, limit: pool.capacity, cost: hashTime))
    }

    /// Runs `body`, in which passwords are hashed or verified, once a thread is free for it. Throws before that as soon
    /// as the answer is expected after the deadline.
    /// - Parameter name: calls with the same name run one after the other; nil is independent of all others.
    package func turn<Result>(
        as name: String? = nil, until deadline: Deadline, _ body: () async throws -> Result
    ) async throws -> Result {
        try await turns.pass(as: name, until: deadline, body)
    }

    package func hash(_ password: Secret, until deadline: Deadline) async throws -> String {
        try await turn(until: deadline) { try await rehash(password) }
    }

    /// To be called inside `turn`.
    package func rehash(_ password: Secret) async throws -> String {
        try await slowly { [passwords] in try passwords.hash(password) }
    }

    /// To be called inside `turn`. Without a stored hash it takes as long and answers `.differs`.
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
