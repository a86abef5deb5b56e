// Redis: commands, scripts, subscriptions and streams over our own sockets, with hiredis' reader for the answers. One
// connection per loop, one write per turn, and short time-outs: Redis only ever speeds things up, so a slow one is
// treated as one that is not there. What is kept in it, and what happens without it, is for the callers.

/// Why a command gave no value.
package enum RedisError: Error, Sendable, Equatable {
    /// It cannot be reached; the command was not sent.
    case unreachable
    /// It was reached and is not the server that can be written to; the command was not sent.
    case wrongServer(WrongServer)
    /// The connection broke after the command was sent: it may have been done.
    case lost
    /// No answer in time: it may have been done.
    case timedOut
    /// Too many commands are under way; this one was not sent.
    case busy
    /// The task was cancelled.
    case cancelled
    /// The client is closed.
    case closed
    /// The server refused: the first word of its sentence (`ERR`, `NOSCRIPT`, `OOM`, `BUSYGROUP`, …), and the sentence.
    case refused(code: String, message: String)
    /// The answer was not of the kind this command has.
    case unexpectedAnswer

    /// What answers instead of a primary.
    package enum WrongServer: String, Sendable {
        case replica = "this is a replica, and cannot be written to"
        case sentinel = "this is a Sentinel, which holds no data"
    }

    /// The code of a refusal.
    package var code: String? {
        if case .refused(let code, _) = self { code } else { nil }
    }
}
