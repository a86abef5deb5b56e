import Events
import Kernel
package import Lifecycle
import Net
import Postgres

/// How a consumer waits and when it gives up.
package struct Pace: Sendable {
    /// Tries an event gets before it is a dead letter.
    package var tries: Int
    /// Between the tries of one event, and while a database or Redis is away.
    package var backoff: Backoff
    /// How long a replica leads without a sign of life.
    package var lease: Duration
    /// How long one read waits for new entries.
    package var timeout: Duration
    /// After which an entry that was given out and never acknowledged is taken again.
    package var idle: Duration

    package init(
        tries: Int = 5, backoff: Backoff = Backoff(base: .milliseconds(100), cap: .seconds(5)),
        lease: Duration = .seconds(9), timeout: Duration = .seconds(1), idle: Duration = .seconds(60)
    ) {
        (self.tries, self.backoff, self.lease) = (tries, backoff, lease)
        (self.timeout, self.idle) = (timeout, idle)
    }
}

/// What a failed try says: whether the event is to blame.
enum Fault {
    /// Something the event needs is away: it waits, however long, and so do those behind it.
    case trouble
    /// The event itself; the reason names kinds and codes, never what the event is about.
    case poison(reason: String)

    init(_ error: any Error) {
        switch error {
        case is DatabaseUnavailable, is CommitOutcomeUnknown, is CancellationError, is PoolIsFull: self = .trouble
        case let error as DatabaseError where error.isWorthRetrying || Self.isAboutTheServer(error.sqlState):
            self = .trouble
        case let error as DatabaseError: self = .poison(reason: error.description)
        case let problem as Problem where problem.code == .serviceUnavailable: self = .trouble
        case let problem as Problem: self = .poison(reason: problem.code.rawValue)
        default: self = .poison(reason: String(describing: type(of: error)))
        }
    }

    /// PostgreSQL manual, appendix A: connections (08), resources (53), intervention (57), the system (58), locks.
    private static func isAboutTheServer(_ state: String) -> Bool {
        ["08", "53", "58"].contains { state.hasPrefix($0) } || state.hasPrefix("57P") || state == "55P03"
    }
}
