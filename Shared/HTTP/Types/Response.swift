/// What a handler answers.
package struct Response: Sendable {
    package var status: Status
    package var headers: Headers
    package var body: MessageBody
    /// The body has no end of its own, as a stream of events: it ends at once for a client that sends no more, and
    /// keeps no memory but its own.
    package var isEndless = false

    package init(_ status: Status, headers: Headers = Headers(), body: MessageBody = .none) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// The body of a message to be sent.
package enum MessageBody: Sendable {
    case none
    case bytes([UInt8])
    /// Written part by part; without a length it is sent in chunks. The writer suspends while the other side is slow.
    case stream(length: Int? = nil, @Sendable (BodyWriter) async throws -> Void)

    /// How long it is, `nil` when nobody knows before the end.
    var length: Int? {
        switch self {
        case .none: 0
        case .bytes(let bytes): bytes.count
        case .stream(let length, _): length
        }
    }
}
