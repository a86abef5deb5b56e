import Crypto
package import Kernel
import Net

/// Says whether a chosen password is easy to guess, for services that report it with all other faults of a
/// registration. Judging takes milliseconds, so it has a thread of its own; past its queue the caller is told to come
/// back.
package struct PasswordJudge: Sendable {
    private let pool: BlockingPool

    package init(queue: Int = 64) { pool = BlockingPool(name: "strength", threads: 1, queue: queue) }

    /// - Parameter words: what a guesser knows about its owner.
    package func isGuessable(_ password: Secret, knowing words: [String]) async throws -> Bool {
        do { return try await pool.run { PasswordStrength.isGuessable(password, knowing: words) } } catch is PoolIsFull
        {
            throw Problem.unavailable(retryAfter: 3)
        }
    }
}
