package import Net

/// Sends the plain requests of one connection to an upstream and copies their answers within the turn, with no task in
/// between (docs/adr/0025). It decides by the same rules as the server's handler; whatever is not plain it leaves to
/// that. One is made for each connection and used on its loop alone, so that it may keep what does not change from
/// request to request.
package protocol FastPath: AnyObject, Sendable {
    /// To be called, on the loop, when what `begin` waits for is known.
    var onReply: (() -> Void)? { get set }
    /// Decides about a request whose head lies whole in `bytes`, perhaps with its body, or a part of that, behind it;
    /// what is sent is sent now.
    func begin(_ head: RequestHead, in bytes: Span<UInt8>) -> FastPathStep
    /// Goes on with the request for which `begin` had to wait; more of its body may have come.
    func proceed(_ head: RequestHead, in bytes: Span<UInt8>) -> FastPathStep
    /// Adds the fields of the answer to `headers`: those that came, and our own. The answer counts as given from here
    /// on.
    func answer(_ head: ResponseHead, in bytes: Span<UInt8>, headers: inout Headers)
    /// Does the rest of what was begun and cannot be ended here; `sent` is over what the request was sent, if it was.
    func finish(_ request: Request, sent: ClientConnection?) async -> Response
}

/// What became of a request on the fast path.
package enum FastPathStep {
    /// Nothing was done: the handler is to answer.
    case declined
    /// Something was done, and nothing sent: the task is to `finish` it.
    case begun
    /// Something has to be known first: `onReply` is called in a later turn, then the server lets it `proceed`.
    case waiting
    /// It was sent over this connection; the server sees to the answer.
    case sent(ClientConnection)
}

/// What a fast path is made of: the client's side of its connection.
package struct FastPathClient {
    /// The other end; a unix socket has no address.
    package let remote: SocketAddress?
    package let isSecure: Bool
    package let loop: EventLoop
}
