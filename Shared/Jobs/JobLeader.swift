/// Which of a service's copies does a job: one at a time. What a run does must be right even where two overlap for a
/// moment (a leader that has lost its lock finishes the run it began): the database keeps the promise, the leader
/// spares the work.
package struct JobLeader: Sendable {
    /// Whether this copy leads; it takes over where no other does. Throws when that cannot be known.
    package let isLeading: @Sendable () async throws -> Bool

    package init(isLeading: @escaping @Sendable () async throws -> Bool) { self.isLeading = isLeading }
}
