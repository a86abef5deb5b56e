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
        append(head, in: bytes, headers, to: &connection.stream.output)
        connection.stream.flush()
        return connection
    }

    /// As `OutgoingRequest.appendHead`, for one without a body that is passed on as it lies there.
    private func append(_ head: RequestHead, in bytes: Span<UInt8>, _ headers: Headers, to output: inout [UInt8]) {
        output.append(head.method.rawValue)
        output.append(" ")
        output.append(bytes, head.target.range)
        output.append(all: requestEnd)
        output.append(all: headers.block)
        output.append("\r\n")
    }
}

extension ClientConnection {
    /// Bytes came: if they belong to an exchange that is carried, they are looked at here and now.
    func hasReceived() -> Bool {
        guard let carrier else { return false }
        if !isHeadWhole {
            headFault = stream.input.withSpan { bytes in
                do throws(MessageFault) {
                    isHeadWhole = try parser.parse(bytes) == .complete
                    return nil
                } catch {
                    return error
                }
            }
            if headFault == nil, !isHeadWhole { return true }
            isHeadWhole = true
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
