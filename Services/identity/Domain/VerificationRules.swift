package import Kernel

/// How long a proof of an email may take.
package enum VerificationRules {
    /// A token's life.
    package static let life: Duration = .seconds(24 * 3600)
}

/// How often a mail to one address may be asked for (`RESEND` of the contract).
package struct AskingLimit: Sendable, Equatable {
    package let number: Int
    package let window: Duration

    package init(number: Int = 3, window: Duration = .seconds(3600)) {
        self.number = number
        self.window = window
    }

    /// What was asked for at this moment or before counts no more.
    package func begin(at now: Instant) -> Instant { now - window }

    /// How long to wait when nothing more may be asked for since `since`.
    package func wait(since: Instant, at now: Instant) -> Duration { max(since + window - now, .seconds(1)) }
}

/// How long an account may wait for its entry.
package enum WaitingRules {
    /// Younger ones are left alone: their registration may still be running.
    package static let rest: Duration = .seconds(30)
    /// No registration runs so long: what has no entry then never will.
    package static let timeout: Duration = .seconds(3600)
}
