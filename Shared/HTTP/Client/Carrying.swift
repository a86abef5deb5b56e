internal import Kernel
package import Net

// The way of an exchange that needs no task (docs/adr/0025): sent within the turn in which the request came, its answer copied
// within the turn in which that was whole. What goes otherwise is handed to the client's task, which goes on from there.

extension Upstream {
    /// Sends a request without a body, read from `bytes`, over a connection that is kept by `loop` and idle; nil when there is
    /// none, and nothing was sent. `headers` are all its fields but `Host`.
    package func sendAtOnce(
        _ head: RequestHead, in bytes: Span<UInt8>, _ headers: Headers, on loop: EventLoop,
        until deadline: Int64
    ) -> ClientConnection? {
        guard let connection = pool(loop).takeIdle(careful: !head.method.isIdempotent) else { return nil }
        connection.begin(head.method, until: deadline)
        appendHead(head.method, bytes.extracting(head.target.range), headers, to: &connection.stream.output)
        connection.stream.output.append("\r\n")
        connection.stream.flush()
        return connection
    }

    /// A request's line, `Host` and the fields, without what says how its body ends.
    func appendHead(_ method: Method, _ target: Span<UInt8>, _ headers: Headers, to output: inout [UInt8]) {
        output.append(method.rawValue)
        output.append(" ")
        output.append(target, 0..<target.count)
        output.append(all: requestEnd)
        output.append(all: headers.block)
    }
}

extension ClientConnection {
    /// Bytes came: if they belong to an exchange that is carried, they are looked at here and now.
    func hasReceived() -> Bool {
        guard let carrier else { return false }
        if !isHeadWhole {
            guard parseHead() else { return true }
            guard headFault == nil, let count = Self.carriedCount(parser.head) else {
                carrier.handOver()
                return false
            }
            wholeCount = count
        }
        if stream.available >= wholeCount { carrier.carry(answerOf: self) }
        return true
    }

    /// Bytes of the whole answer; nil when a task is to see to it: what has no length or is long comes part by part, and what
    /// the service could not do may be asked of another.
    private static func carriedCount(_ head: ResponseHead) -> Int? {
        guard head.status < 500 else { return nil }
        switch head.framing {
        case .none: return head.length
        case .length(let length) where length <= ByteStream.highWater - head.length: return head.length + length
        case .length, .chunked, .untilClose: return nil
        }
    }
}
