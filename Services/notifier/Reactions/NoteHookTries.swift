package import Kernel
import Lifecycle
import NotifierDomain
package import Postgres

/// Notes how tries to post ended, and what that means for the hook: its owner is told when nothing arrived for an hour,
/// and when it was turned off for it.
package struct NoteHookTries: Sendable {
    private let database: Database
    private let queue: HookQueueStore
    private let notices: HookNotices
    private let clock: any WallClock

    package init(database: Database, queue: HookQueueStore, notices: HookNotices, clock: any WallClock) {
        self.database = database
        self.queue = queue
        self.notices = notices
        self.clock = clock
    }

    /// A try that is no longer the latest changes nothing.
    func note(
        _ due: DueHook, _ outcome: HookOutcome, _ next: HookRetryPlan.Next, until deadline: Deadline
    ) async throws {
        let now = clock.now
        try await database.transaction(as: .service, until: deadline) { tx in
            guard let old = try await queue.lock(due.hook, in: tx),
                try await queue.settle(due, outcome, next, at: now, in: tx), !due.isTest
            else { return }
            var new = old
            let reason = new.note(outcome, next, first: due.first, at: now)
            try await queue.update(due.hook, from: old, to: new, reason, at: now, in: tx)
            if reason != nil { try await notices.tell(.disabled, due.owner, about: due.hook, at: now, in: tx) }
        }
    }

    /// Tells the owner of a hook at which nothing arrived for an hour; false when there is none.
    package func warn() async throws -> Bool {
        let now = clock.now
        return try await database.transaction(as: .service) { tx in
            guard let hook = try await queue.warn(at: now, in: tx) else { return false }
            try await notices.tell(.failing, hook.owner, about: hook.id, at: now, in: tx)
            return true
        }
    }
}
