package import Lifecycle
package import Net

/// One request as a handler sees it. It owns its head's bytes, so it may be kept; its body may be read only until the
/// answer is sent. One object, since it is handed from function to function.
package final class Request: Sendable {
    package let head: RequestHead
    package let target: RequestTarget
    package let headers: MessageFields
    package let body: RequestBody
    /// The other end of the connection; a unix socket has no address.
    package let remote: SocketAddress?
    package let isSecure: Bool
    /// When its head was whole, as the loop saw it.
    package let arrived: MonotonicTime
    /// When the answer is no longer worth anything.
    package let deadline: Deadline

    init(
        head: RequestHead, target: RequestTarget, headers: MessageFields, body: RequestBody, remote: SocketAddress?,
        isSecure: Bool, arrived: MonotonicTime, deadline: Deadline
    ) {
        self.head = head
        self.target = target
        self.headers = headers
        self.body = body
        self.remote = remote
        self.isSecure = isSecure
        self.arrived = arrived
        self.deadline = deadline
    }

    package var method: Method { head.method }
    /// Decoded, and safe to compare with routes.
    package var path: String { target.path }

    /// The target as it was sent, path and query.
    package var rawTarget: ArraySlice<UInt8> { headers.bytes[head.target.range] }

    /// The query's parameters in order; throws when it is badly encoded.
    package func query() throws(MessageFault) -> [QueryParameter] {
        let bytes = headers.bytes
        return try target.parameters(in: bytes.span)
    }
}

extension Request {
    /// A request made by hand, read by the same machine as one from the wire; for tests and for calls within a process.
    package convenience init(
        _ method: Method, _ target: String, headers: Headers = Headers(), body: [UInt8] = [],
        remote: SocketAddress? = nil, deadline: Deadline = .never
    ) throws(MessageFault) {
        var text = Array("\(method.rawValue) \(target) HTTP/1.1\r\n".utf8)
        if headers["host"] == nil { text += Array("Host: localhost\r\n".utf8) }
        text += headers.block
        if !body.isEmpty { text += Array("Content-Length: \(body.count)\r\n".utf8) }
        text += [0x0D, 0x0A]
        var parser = RequestParser()
        guard try parser.parse(text.span) == .complete else { throw .badRequestLine }
        self.init(
            head: parser.head, target: try RequestTarget(parser.head, in: text.span),
            headers: MessageFields(bytes: text, fields: parser.head.fields),
            body: body.isEmpty ? .empty : RequestBody(body), remote: remote, isSecure: false, arrived: .now,
            deadline: deadline)
    }
}
