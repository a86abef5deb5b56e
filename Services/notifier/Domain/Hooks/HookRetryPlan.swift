package import Kernel

/// When a delivery to a hook is tried again (Standard Webhooks): soon at first, then hourly, for a day from its first
/// try.
package enum HookRetryPlan {
    package static let lifetime: Duration = .seconds(86_400)
    /// The longest wait that a receiver may ask for by `Retry-After`.
    package static let longestRetryAfter: Duration = .seconds(3600)
    /// Before the second, third … try; hourly behind them.
    static let waits: [Duration] = [.seconds(5), .seconds(30), .seconds(120), .seconds(600), .seconds(1800)]
    /// The share of a wait by which it may be shorter or longer, so that what failed together does not return together.
    static let jitter = 0.2

    /// What follows a try.
    package enum Next: Sendable, Equatable {
        case sent
        case again(at: Instant)
        /// Given up: the day is over, or there is to be one try alone.
        case failed
    }

    /// - Parameters:
    ///   - attempt: the try that has just ended, counted from 1.
    ///   - first: when the first of them began.
    ///   - random: from 0 to 1.
    package static func next(
        after outcome: HookOutcome, attempt: Int, first: Instant, now: Instant, random: Double
    ) -> Next {
        if outcome.isSuccess { return .sent }
        let end = first + lifetime
        guard now < end else { return .failed }
        let wait = attempt >= 1 && attempt <= waits.count ? waits[attempt - 1] : .seconds(3600)
        let share = 1 - jitter + 2 * jitter * min(max(random, 0), 1)
        let asked = min(max(outcome.retryAfter ?? .zero, .zero), longestRetryAfter)
        return .again(at: min(now + max(wait * share, asked), end))
    }
}
