/// How long a proof of an email may take, and how often it may be asked for.
package enum VerificationRules {
    /// A token's life.
    package static let life: Duration = .seconds(24 * 3600)
    /// Mails to one address within `wishWindow` (`RESEND` of the contract).
    package static let wishes = 3
    package static let wishWindow: Duration = .seconds(3600)
}

/// How long an account may wait for its entry.
package enum WaitingRules {
    /// Younger ones are left alone: their registration may still be running.
    package static let rest: Duration = .seconds(30)
    /// No registration runs so long: what has no entry then never will.
    package static let patience: Duration = .seconds(3600)
}
