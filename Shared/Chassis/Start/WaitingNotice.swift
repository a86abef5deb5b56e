package import Lifecycle
import Observability
import Postgres

/// Logs what a start waits for and why: at once, when the reason changes, and again each minute.
package final class WaitingNotice: Sendable {
    private let last = Locked<(reason: String, at: MonotonicTime)?>(nil)

    package init() {}

    package func report(_ error: any Error, of schema: String, at now: MonotonicTime) {
        let (reason, sqlState) = Self.reason(of: error)
        let isNew = last.withLock { last in
            if let last, last.reason == reason, now.nanoseconds - last.at.nanoseconds < 60_000_000_000 { return false }
            last = (reason, now)
            return true
        }
        guard isNew else { return }
        log.warning(
            "the database lets nobody in yet", ["schema": schema, "reason": reason, "sqlstate": sqlState ?? "none"])
    }

    /// In words, and as the server's SQLSTATE where one answered.
    static func reason(of error: any Error) -> (words: String, sqlState: String?) {
        switch error {
        case MigrationFault.unreachable(let fault): (fault.reason, fault.sqlState)
        case MigrationFault.refused(let error): (error.description, error.sqlState)
        case is StartupMigrator.NotYet: ("the schema is not migrated, and MIGRATE_ON_START is false", nil)
        default: (String(describing: type(of: error)), nil)
        }
    }
}
