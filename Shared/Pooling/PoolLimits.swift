package import Lifecycle

/// What a pool allows, and how its connections are used.
package struct PoolLimits: Sendable {
    /// How many callers have a connection at a time.
    package enum Use: Sendable {
        case exclusive
        /// Any number, and nobody gives it back: requests and answers are matched on the connection itself.
        case shared
    }

    /// Who is refused when a connection could not be opened.
    package enum Refused: Sendable {
        /// All who wait, once no connection is left that could still be given back to them.
        case allWithoutConnection
        /// The one who has waited longest: each opening is made for one caller.
        case one
    }

    package var use: Use
    /// Connections open or being opened at any time; of shared ones there is one.
    package var connections: Int
    /// Callers that may wait, beside one for each opening under way; one more is refused at once.
    package var waiters: Int
    /// How long a caller waits before it is refused; `nil` where callers see to that themselves.
    package var wait: Duration?
    /// How long a connection may be unused before it is closed; `nil` for ever.
    package var idle: Duration?
    /// The pause after a connection could not be opened, during which nobody tries again; `nil` for none.
    package var backoff: Backoff?
    package var refused: Refused

    package init(
        connections: Int, waiters: Int = 256, wait: Duration? = .seconds(2), idle: Duration? = .seconds(300),
        backoff: Backoff? = PoolLimits.backoff, refused: Refused = .allWithoutConnection
    ) {
        use = .exclusive
        self.connections = max(connections, 1)
        self.waiters = waiters
        self.wait = wait
        self.idle = idle
        self.backoff = backoff
        self.refused = refused
    }

    /// One connection that all callers use at once.
    package static func shared(waiters: Int, backoff: Backoff = backoff) -> PoolLimits {
        var limits = PoolLimits(connections: 1, waiters: waiters, wait: nil, idle: nil, backoff: backoff)
        limits.use = .shared
        return limits
    }

    package static let backoff = Backoff(base: .milliseconds(50), cap: .seconds(1))
}

/// Why a caller got no connection.
package enum PoolRefusal: Error, Sendable, Equatable {
    /// Too many wait already.
    case busy
    /// The wait, or the opening, took longer than allowed.
    case timedOut
    /// The other side cannot be reached.
    case unreachable
    /// The pool is closed.
    case closed
}

/// What the shell has to do next; members and waiters are known by their numbers.
package enum PoolAction: Sendable, Equatable {
    case open(member: Int)
    case close(member: Int)
    case lend(member: Int, waiter: Int)
    case refuse(waiter: Int, PoolRefusal)
}
