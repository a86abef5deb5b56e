package import Kernel
internal import Pooling

/// No answer can be had from the database now: worth a 503 and another try later. Nothing has been written.
package struct DatabaseUnavailable: Error, Sendable, Equatable {
    /// Why the database could not be asked.
    package enum Reason: String, Sendable {
        /// It cannot be reached.
        case unreachable
        /// The connection broke while the statement was on its way.
        case lost
        /// Too many wait already, or waited too long for a connection.
        case busy
        /// The answer did not come before the deadline.
        case late
        /// The client is closed.
        case closed
    }

    package let reason: Reason
    package init(_ reason: Reason) { self.reason = reason }

    init(refusal: PoolRefusal) {
        switch refusal {
        case .busy, .timedOut: reason = .busy
        case .unreachable: reason = .unreachable
        case .closed: reason = .closed
        }
    }
}

/// The connection was lost, or the deadline passed, between sending a commit and hearing of it: the change may have
/// been made or not. Only the caller's idempotency key can settle which.
package struct CommitOutcomeUnknown: Error, Sendable, Equatable {
    package init() {}
}

/// A transaction was used after it had ended.
package struct TransactionIsOver: Error, Sendable, Equatable {}

/// What the server refused. The server's sentences can hold people's data (`Key (email)=(…)`): the message is private
/// and the detail is not even kept.
package struct DatabaseError: Error, Sendable, CustomStringConvertible {
    /// Five letters and digits; PostgreSQL manual, appendix A.
    package let sqlState: String
    package let constraint: String?
    package let table: String?
    package let column: String?
    /// The server's function that refused, for the log.
    package let routine: String?
    package let message: Private<String>

    package init(
        sqlState: String, constraint: String? = nil, table: String? = nil, column: String? = nil,
        routine: String? = nil,
        message: String = ""
    ) {
        self.sqlState = sqlState
        self.constraint = constraint
        self.table = table
        self.column = column
        self.routine = routine
        self.message = Private(message)
    }

    package var description: String {
        "PostgreSQL refused: \(sqlState)" + (constraint.map { ", constraint \($0)" } ?? "")
            + (table.map { ", table \($0)" } ?? "") + (routine.map { ", in \($0)" } ?? "")
    }

    /// A named rule of the schema was broken: unique, exclusion, foreign key or check.
    package var isConstraintViolation: Bool { ["23505", "23P01", "23503", "23514"].contains(sqlState) }

    /// The transaction lost against another one and is worth doing again: deadlock, serialization.
    package var isWorthRetrying: Bool { sqlState == "40P01" || sqlState == "40001" || isStalePlan }

    /// The session's idea of a prepared statement is out of date: it has none of that name, or its columns have changed
    /// since.
    var isStalePlan: Bool { sqlState == "26000" || (sqlState == "0A000" && routine == "RevalidateCachedQuery") }

    /// Refused only because a statement of the transaction had failed before.
    var isAfterFault: Bool { sqlState == "25P02" }

    /// What a caller gets: a statement that took too long or waited too long for a lock is the database's trouble, not
    /// the caller's.
    var asThrown: any Error {
        switch sqlState {
        case "57014": DatabaseUnavailable(.late)
        case "55P03", "53300", "53200", "53100": DatabaseUnavailable(.busy)
        default: self
        }
    }

    /// The server says goodbye: shut down, crashed, starting up, or the connection as such has failed.
    var isGoodbye: Bool { sqlState.hasPrefix("57P0") || sqlState.hasPrefix("0800") || sqlState == "25P03" }
}

/// Names of constraints, or `DatabaseError.policy`, and the Problem a caller sees when one refuses a change.
package typealias Refusals = [String: Problem]

extension DatabaseError {
    /// The words `refusals` has for this, or the error itself.
    func orProblem(_ refusals: Refusals) -> any Error {
        let name = isPolicyViolation ? Self.policy : isConstraintViolation ? constraint : nil
        return name.flatMap { refusals[$0] } ?? self
    }

    /// In `Refusals`, for a new row that no policy of the table lets in.
    package static let policy = "row-level security"

    private var isPolicyViolation: Bool { sqlState == "42501" && routine == "ExecWithCheckOptions" }
}

extension ServerResult {
    /// What this result says went wrong.
    var error: DatabaseError {
        DatabaseError(
            sqlState: diagnosis("C") ?? "", constraint: diagnosis("n"), table: diagnosis("t"), column: diagnosis("c"),
            routine: diagnosis("R"), message: diagnosis("M") ?? "")
    }
}
