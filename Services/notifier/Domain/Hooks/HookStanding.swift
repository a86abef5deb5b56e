package import Kernel

/// How well a hook does: what decides whether its owner is warned, and when it is turned off.
package struct HookStanding: Sendable, Equatable {
    /// After so long with failures alone the owner is told.
    package static let warningAfter: Duration = .seconds(3600)

    package var isActive: Bool
    /// The latest try that succeeded.
    package var succeededAt: Instant?
    /// Since when there are failures alone.
    package var failingSince: Instant?
    package var warnedAt: Instant?

    package init(isActive: Bool, succeededAt: Instant?, failingSince: Instant?, warnedAt: Instant?) {
        self.isActive = isActive
        self.succeededAt = succeededAt
        self.failingSince = failingSince
        self.warnedAt = warnedAt
    }

    /// Why a hook was turned off by itself.
    package enum Reason: String, Sendable {
        /// An event was given up, and nothing arrived since its first try.
        case failing
        /// The receiver answered 410.
        case gone
    }

    /// Takes the end of a try in, and says whether the hook is turned off by it.
    /// - Parameter first: when the event's first try began.
    package mutating func note(
        _ outcome: HookOutcome, _ next: HookRetryPlan.Next, first: Instant, at now: Instant
    ) -> Reason? {
        if outcome.isSuccess {
            self = HookStanding(isActive: isActive, succeededAt: now, failingSince: nil, warnedAt: nil)
            return nil
        }
        if outcome.isOurs { return nil }
        failingSince = failingSince ?? now
        let isUseless = next == .failed && (succeededAt.map { $0 < first } ?? true)
        guard isActive, outcome.isGone || isUseless else { return nil }
        isActive = false
        return outcome.isGone ? .gone : .failing
    }
}
