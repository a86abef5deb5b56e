package import Kernel

/// Which reminders of a visit are still to come.
package enum ReminderPlan {
    /// One that should have gone this long ago at most is sent all the same when the visit is confirmed.
    package static let lateness: Duration = .seconds(5 * 60)
    /// One that was not sent for this long (nobody was there to send it) is not sent any more.
    package static let staleness: Duration = .seconds(30 * 60)

    /// - Parameter now: when the visit was confirmed or moved.
    package static func due(start: Instant, now: Instant) -> [(kind: ReminderKind, at: Instant)] {
        ReminderKind.allCases.map { (kind: $0, at: start - $0.lead) }.filter { $0.at >= now - lateness }
    }
}
