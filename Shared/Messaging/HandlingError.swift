import Events
import Kernel
import Lifecycle
import Net
import Postgres

/// Why an event could not be handled: whether the event itself is the cause.
enum HandlingError {
    /// Something the event needs is unavailable: it waits without limit, and so do those behind it.
    case transient
    /// The event itself; the reason names kinds and codes, never what the event is about.
    case poison(reason: String)

    init(_ error: any Error) {
        switch error {
        case is DatabaseUnavailable, is CommitOutcomeUnknown, is CancellationError, is PoolIsFull: self = .transient
        case let error as DatabaseError where error.isWorthRetrying || Self.isAboutTheServer(error.sqlState):
            self = .transient
        case let error as DatabaseError: self = .poison(reason: error.description)
        case let problem as Problem where problem.code == .serviceUnavailable: self = .transient
        case let problem as Problem: self = .poison(reason: problem.code.rawValue)
        default: self = .poison(reason: String(describing: type(of: error)))
        }
    }

    /// Nil where the event is not the cause.
    var reason: String? { if case .poison(let reason) = self { reason } else { nil } }

    /// PostgreSQL manual, appendix A: connections (08), resources (53), intervention (57), the system (58), locks.
    private static func isAboutTheServer(_ state: String) -> Bool {
        ["08", "53", "58"].contains { state.hasPrefix($0) } || state.hasPrefix("57P") || state == "55P03"
    }
}
