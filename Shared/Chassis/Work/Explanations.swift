package import Kernel
import Net
import Postgres
import Redis

/// What a caller is answered for errors that are nobody's mistake: something is down, or takes too long.
package enum Explanations {
    /// Nil for what nobody expected.
    package static let problem: @Sendable (any Error) -> Problem? = { error in
        switch error {
        case let error as DatabaseUnavailable where error.reason == .late: late
        // Whether it was written is not known: with its key, the same request can be sent again.
        case is DatabaseUnavailable, is CommitOutcomeUnknown, is PoolIsFull, is RedisError: .unavailable()
        case let error as DatabaseError where error.isWorthRetrying: .unavailable(retryAfter: 1)
        default: nil
        }
    }

    private static let late = Problem(.gatewayTimeout, "The answer took too long.")
}
