package import API
package import Crypto
package import Kernel
package import Lifecycle
package import Net

/// Where passwords are hashed and judged: on threads of their own, as many as there are cores. Turns are taken in order
/// before anything of a login is counted; who could not have one in time is told to come back, and nobody else waits
/// for them.
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

    /// Runs `body`, in which passwords are verified, when a thread is free for it. Throws at once, with nothing done,
    /// when that would be after the deadline.
    package func turn<Result>(until deadline: Deadline, _ body: () async throws -> Result) async throws -> Result {
        try await turns.pass(until: deadline, body)
    }

    package func hash(_ password: Secret, until deadline: Deadline) async throws -> String {
        try await turn(until: deadline) { try await rehash(password) }
    }

    /// Within a turn.
    package func rehash(_ password: Secret) async throws -> String {
        try await measured { [passwords] in try passwords.hash(password) }
    }

    /// Within a turn. Against nobody's hash it takes as long, and differs.
    package func verify(_ password: Secret, against stored: String?) async throws -> Passwords.Verdict {
        try await measured { [passwords] in
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

    private func measured<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await slowly { [turns] in
            let start = MonotonicTime.now
            defer { turns.note(start.duration(to: .now)) }
            return try work()
        }
    }

    private func slowly<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        do { return try await pool.run(work) } catch is PoolIsFull { throw Problem.unavailable(retryAfter: 3) }
    }
}

/// The turns of `HashQueue`, first come, first served.
private final class HashTurns: Sendable {
    private struct State {
        var queue: HashQueue
        var latches: [Latch] = []
    }

    private let state: Locked<State>

    init(_ queue: HashQueue) { state = Locked(State(queue: queue)) }

    func note(_ duration: Duration) { state.withLock { $0.queue.note(duration) } }

    func pass<Result>(until deadline: Deadline, _ body: () async throws -> Result) async throws -> Result {
        try await enter(deadline)
        defer { leave() }
        return try await body()
    }

    private func enter(_ deadline: Deadline) async throws {
        let latch = Latch()
        let entry = state.withLock { state in
            let entry = state.queue.enter(remaining: deadline.remaining())
            if entry == .wait { state.latches.append(latch) }
            return entry
        }
        switch entry {
        case .begin: return
        case .refused(let wait): throw Problem.unavailable(retryAfter: wait.secondsRoundedUp)
        case .wait: await latch.wait()
        }
        guard state.withLock({ $0.queue.isInTime(remaining: deadline.remaining()) }), !Task.isCancelled else {
            leave()
            throw Problem.unavailable(retryAfter: 1)
        }
    }

    private func leave() {
        let next = state.withLock { state in
            state.queue.leave() && !state.latches.isEmpty ? state.latches.removeFirst() : nil
        }
        next?.fire()
    }
}
