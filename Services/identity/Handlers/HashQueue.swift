/// Who may hash a password, and who waits: a machine without threads. Whoever could not have their turn before their
/// time is over is refused at once, and so is whoever finds the queue full.
package struct HashQueue: Sendable {
    /// How many hash at once, and how many wait at most.
    package let width: Int
    package let limit: Int
    /// What one hash takes: an average in which the latest count most.
    package private(set) var cost: Duration
    private var running = 0
    private var waiting = 0

    /// Left of a caller's time after the hash, for the transaction and the way back.
    static let rest: Duration = .milliseconds(500)

    /// - Parameter cost: what one hash is expected to take until some were measured.
    package init(width: Int, limit: Int, cost: Duration) {
        self.width = max(width, 1)
        self.limit = limit
        self.cost = cost
    }

    /// What somebody is told who wants to hash.
    package enum Entry: Sendable, Equatable {
        case begin, wait
        case refused(retryAfter: Duration)
    }

    /// - Parameter remaining: what is left of the caller's time.
    package mutating func enter(remaining: Duration) -> Entry {
        let ahead = (running + waiting) / width
        guard running < width || waiting < limit, cost * (ahead + 1) + Self.rest <= remaining else {
            return .refused(retryAfter: max(cost * ahead, .seconds(1)))
        }
        guard running < width else {
            waiting += 1
            return .wait
        }
        running += 1
        return .begin
    }

    /// Whether somebody whose turn has come can still be served.
    package func isInTime(remaining: Duration) -> Bool { cost + Self.rest / 2 <= remaining }

    /// One is done; true when the first who waits may begin.
    package mutating func leave() -> Bool {
        guard waiting > 0 else {
            running -= 1
            return false
        }
        waiting -= 1
        return true
    }

    /// Notes how long a hash took.
    package mutating func note(_ duration: Duration) { cost = (cost * 7 + duration) / 8 }
}
