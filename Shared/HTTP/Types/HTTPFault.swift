/// Why a request was given up by the server itself, before or beside its handler. The connection is closed after each
/// of them.
package enum HTTPFault: Error, Sendable, Equatable {
    /// The bytes were no request we take.
    case message(MessageFault)
    /// The head or the body did not come in time.
    case tooSlow
    /// The body is larger than the handler takes.
    case bodyTooLarge
    /// The client is gone; nobody hears the answer.
    case disconnected
    /// The handler has already answered and may read no more.
    case answered

    package var status: Status {
        switch self {
        case .message(let fault): Status(fault.status)
        case .tooSlow: Status(408)
        case .bodyTooLarge: Status(413)
        case .disconnected, .answered: .badRequest
        }
    }

    /// A stable word for logs and counters.
    package var code: String {
        switch self {
        case .message(let fault): fault.rawValue
        case .tooSlow: "too_slow"
        case .bodyTooLarge: "body_too_large"
        case .disconnected: "disconnected"
        case .answered: "answered"
        }
    }
}
