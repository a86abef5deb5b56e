internal import Kernel
package import Net

// An exchange that needs no task (docs/adr/0025): sent within the turn in which the request came, its answer copied
// within the turn in which that was whole. All else is handed to the client's task, which goes on from there.

extension Upstream {
    /// Sends a request that lies in `bytes` over a connection that is kept by `loop` and idle; nil when there is none,
    /// and nothing was sent; nor when `write`, which adds all its fields but `Host` and its length, says that it is not
    /// to be sent.
    /// - Parameter body: where its body lies, all of it.
    package func sendAtOnce(
        _ head: RequestHead, body: Range<Int>, in bytes: Span<UInt8>, on loop: EventLoop, until deadline: Int64,
        _ write: (inout Headers) -> Bool
    ) -> ClientConnection? {
        guard let connection = connections(on: loop).idle(careful: !head.method.isIdempotent) else { return nil }
        connection.begin(head.method, until: deadline)
        var isWritten = false
        append(head, body, in: bytes, to: &connection.stream.output) { isWritten = write(&$0) }
        guard isWritten else {
            connection.close()
            return nil
        }
        connection.stream.flushSoon()
        return connection
    }

    private func append(
        _ head: RequestHead, _ body: Range<Int>, in bytes: Span<UInt8>, to output: inout [UInt8],
        _ write: (inout Headers) -> Void
    ) {
        appendLine(head.method, bytes.extracting(head.target.range), to: &output)
        output.addFields(write)
        head.method.appendLength(body.count, to: &output)
        output.append("\r\n")
        output.append(bytes, body)
    }

    /// A request's line, and `Host`.
    func appendLine(_ method: Method, _ target: Span<UInt8>, to output: inout [UInt8]) {
        output.append(method.rawValue)
        output.append(" ")
        output.append(target, 0..<target.count)
        output.append(all: requestEnd)
    }
}

extension ClientConnection {
    /// Bytes came: an answer that is to be copied is looked at here and now.
    func hasReceived() -> Bool {
        guard let receiver else { return false }
        if !isHeadWhole {
            guard parseHead() else { return true }
            guard headFault == nil, let count = Self.copiedCount(parser.head) else {
                receiver.upstreamInterrupted()
                return false
            }
            wholeCount = count
        }
        if stream.available >= wholeCount { receiver.upstreamAnswered() }
        return true
    }

    /// Bytes of the whole answer; nil when a task is to see to it: what has no length or is long comes part by part,
    /// and what the service could not do may be asked of another.
    private static func copiedCount(_ head: ResponseHead) -> Int? {
        guard head.status < 500 else { return nil }
        switch head.framing {
        case .none: return head.length
        case .length(let length) where length <= ByteStream.highWater - head.length: return head.length + length
        case .length, .chunked, .untilClose: return nil
        }
    }
}
