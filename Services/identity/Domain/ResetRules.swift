package import Kernel

/// How long a link that sets a new password can be made, and how long it works.
package enum ResetRules {
    /// After it was asked for, a link may be made so long: a mail that comes later helps nobody.
    package static let open: Duration = .seconds(30 * 60)
    /// A link's life.
    package static let life: Duration = .seconds(30 * 60)
    /// Accounts of one email that are mailed; a hospital's doctors may share one.
    package static let most = 20

    /// What was asked for before can have no link that works.
    package static func forgets(at now: Instant) -> Instant { now - open - life }
}

/// How long a link lives that makes the first administrator.
package enum SetUpRules {
    package static let life: Duration = .seconds(24 * 3600)
}
