/// Why no whole answer came from an upstream. Whatever it is, its connection is not used again.
package enum ClientFault: Error, Sendable, Equatable {
    /// No connection could be made: refused, unknown name, no TLS.
    case unreachable
    case timedOut
    case cancelled
    /// Nothing had come of an answer when the upstream was found to answer nobody.
    case abandoned
    /// The connection ended before the answer did.
    case lost
    /// The answer was not one we can trust.
    case badResponse(MessageFault)
    /// Too many wait for a connection to this upstream already.
    case poolIsFull
    /// The answer's body is larger than the caller takes.
    case bodyTooLarge
    /// Asked from a task that has no event loop.
    case notOnLoop

    /// A stable word for logs and counters.
    package var code: String {
        switch self {
        case .unreachable: "unreachable"
        case .timedOut: "timed_out"
        case .cancelled: "cancelled"
        case .abandoned: "abandoned"
        case .lost: "lost"
        case .badResponse(let fault): fault.rawValue
        case .poolIsFull: "pool_is_full"
        case .bodyTooLarge: "body_too_large"
        case .notOnLoop: "not_on_loop"
        }
    }
}
