package import Kernel

/// How one try to deliver ended. The codes are ours or the provider's numbers, never its sentences.
package enum Outcome: Sendable, Equatable {
    /// The provider has taken it over.
    case accepted
    /// It will never be taken this way; trying again would only annoy.
    case refused(code: String)
    /// Nobody is to get it any more, by whatever way.
    case notWanted(code: String)
    /// Not now: this recipient or this message may be taken later.
    case deferred(code: String)
    /// Nobody could be asked: the provider, or whoever knows the recipient, is away. It says nothing about the message.
    case away(code: String)

    package var code: String? {
        switch self {
        case .accepted: nil
        case .refused(let code), .notWanted(let code), .deferred(let code), .away(let code): code
        }
    }
}

/// When a delivery is tried again, and when it is over.
package struct RetryPolicy: Sendable {
    /// The first wait after a deferral (RFC 5321 §4.5.4.1 asks for patience), doubling up to `cap`.
    package let base: Duration
    package let cap: Duration
    /// The longest wait for somebody who is away: soon after they are back, all that waited goes out.
    package let awayCap: Duration
    /// After which nobody wants the message any more.
    package let lifetime: Duration

    package init(
        base: Duration = .seconds(60), cap: Duration = .seconds(3600), awayCap: Duration = .seconds(60),
        lifetime: Duration = .seconds(86_400)
    ) {
        self.base = base
        self.cap = cap
        self.awayCap = awayCap
        self.lifetime = lifetime
    }

    /// The policy for a message with this lifetime: the shorter it is, the sooner the second try.
    package func lasting(_ lifetime: Duration) -> RetryPolicy {
        RetryPolicy(base: min(base, lifetime / 40), cap: cap, awayCap: awayCap, lifetime: lifetime)
    }

    /// Whether it is too late for any try; the last one, due at the very end, may begin a little later.
    package func isOver(since begin: Instant, at now: Instant) -> Bool { now > begin + lifetime + .seconds(60) }

    /// What follows a failed try.
    package enum Next: Sendable, Equatable {
        case sent
        /// Refused for good.
        case failed
        /// Given up after the last try.
        case dead
        case again(at: Instant)
    }

    /// - Parameters:
    ///   - attempt: the try that has just ended, counted from 1.
    ///   - random: from 0 to 1; half of each wait is chance, so that many who failed together do not return together.
    package func next(
        after outcome: Outcome, attempt: Int, created: Instant, now: Instant, random: Double
    ) -> Next {
        switch outcome {
        case .accepted: return .sent
        case .refused, .notWanted: return .failed
        case .deferred: return again(wait(attempt, from: base, upTo: cap), created, now, random)
        case .away: return again(wait(attempt, from: .seconds(2), upTo: awayCap), created, now, random)
        }
    }

    private func again(_ wait: Duration, _ created: Instant, _ now: Instant, _ random: Double) -> Next {
        let end = created + lifetime
        guard now < end else { return .dead }
        let share = 0.5 + 0.5 * min(max(random, 0), 1)
        return .again(at: min(now + wait * share, end))
    }

    private func wait(_ attempt: Int, from base: Duration, upTo cap: Duration) -> Duration {
        var wait = min(base, cap)
        var left = attempt - 1
        while left > 0, wait < cap {
            wait = min(wait * 2, cap)
            left -= 1
        }
        return wait
    }
}
