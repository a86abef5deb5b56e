internal import Kernel

/// A request to an upstream. `Host` and the framing are written by the client.
package struct OutgoingRequest: Sendable {
    package let method: Method
    let target: [UInt8]
    package var headers: Headers
    package var body: MessageBody
    /// Whether it may be sent again when a kept connection turned out to be dead and nothing of an answer had come.
    package var isRepeatable: Bool

    /// `target` is a path with its query, encoded as it is to be sent.
    package init(
        _ method: Method, _ target: String, headers: Headers = Headers(), body: MessageBody = .none
    ) throws(MessageFault) {
        let bytes = Array(target.utf8)
        guard bytes.first == UInt8(ascii: "/"), FieldSyntax.all(bytes.span, in: 0..<bytes.count, FieldSyntax.target)
        else {
            throw .badTarget
        }
        self.init(method, bytes, headers, body)
    }

    /// The same request for someone else: its target, its fields without those that must stop here, its body as it
    /// comes.
    /// - Parameter beginning: what was read of its body already.
    package init(
        forwarding request: Request, without stopped: StoppedFields = .ofRequests, beginning: [UInt8] = []
    ) {
        var headers = Headers(reserving: request.headers.bytes.count + 256)
        request.headers.forwarded(without: stopped, into: &headers)
        let source = request.body
        let body: MessageBody
        if source.isEmpty {
            body = .none
        } else if source.isWhole {
            body = .bytes(beginning)
        } else {
            body = .stream(length: source.length) { writer in
                try await writer.write(beginning)
                while let part = try await source.next() { try await writer.write(part) }
            }
        }
        self.init(request.method, Self.originForm(request), headers, body)
    }

    private init(_ method: Method, _ target: [UInt8], _ headers: Headers, _ body: MessageBody) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        if case .stream = body { isRepeatable = false } else { isRepeatable = method.isIdempotent }
    }

    private static func originForm(_ request: Request) -> [UInt8] {
        switch request.target.form {
        case .origin, .asterisk: return Array(request.rawTarget)
        case .absolute:
            let bytes = request.headers.bytes
            var target = Array(bytes[request.target.rawPath.range])
            if target.isEmpty { target.append(UInt8(ascii: "/")) }
            if let query = request.target.rawQuery { target += [UInt8(ascii: "?")] + bytes[query.range] }
            return target
        }
    }
}

extension OutgoingRequest {
    /// The target as it will be sent: what a signature over the request is bound to.
    package var targetText: String { String(decoding: target, as: UTF8.self) }

    var isChunked: Bool {
        if case .stream(nil, _) = body { true } else { false }
    }

    func appendHead(for upstream: Upstream, to bytes: inout [UInt8]) {
        upstream.appendLine(method, target.span, to: &bytes)
        bytes.append(all: headers.block)
        if isChunked {
            bytes.append("Transfer-Encoding: chunked\r\n")
        } else if let length = body.length {
            method.appendLength(length, to: &bytes)
        }
        bytes.append("\r\n")
    }
}

extension Method {
    /// The line that says how long a request's body is; none where there is no body and none is expected.
    func appendLength(_ length: Int, to bytes: inout [UInt8]) {
        guard length > 0 || self == .post || self == .put || self == .patch else { return }
        bytes.append("Content-Length: ")
        bytes.append(decimal: length)
        bytes.append("\r\n")
    }
}
