/// An upstream's answer: its head is whole, its body may still be on its way.
package struct IncomingResponse: Sendable {
    package let head: ResponseHead
    package let headers: MessageFields
    package let body: IncomingBody
    /// It came before the request's body was sent; the rest of that body was given up.
    package let isEarly: Bool

    package var status: Status { Status(head.status) }
}

/// The body of an upstream's answer. Dropping it before its end gives its connection up.
package final class IncomingBody: @unchecked Sendable, AsyncSequence {
    /// As the upstream declares it; `nil` when it does not say.
    package let length: Int?
    /// The whole body, when it had come together with its head.
    package let whole: [UInt8]?
    private var first: [UInt8]
    private var connection: ClientConnection?
    private var isAtEnd = false

    init(whole: [UInt8], length: Int?) {
        self.whole = whole
        self.length = length
        first = whole
        connection = nil
    }

    init(length: Int?, first: [UInt8], rest: ClientConnection) {
        whole = nil
        self.length = length
        self.first = first
        connection = rest
    }

    deinit {
        if let connection { connection.discardSoon() }
    }

    /// Some of it is here.
    var hasBegun: Bool { !first.isEmpty }

    /// Lets what is still to come take as long as both sides like: it has no deadline from now on, and its connection
    /// does not count against its pool.
    package func removeDeadline() { connection?.removeDeadline() }

    /// Nobody wants the rest: whoever reads it is told that this was the end. To be called on the loop of its reader.
    package func stop() { connection?.stop() }

    /// The next bytes, `nil` at the end.
    package func next() async throws(ClientFault) -> [UInt8]? {
        if !first.isEmpty {
            defer { first = [] }
            return first
        }
        guard let connection else { return nil }
        let part = try await connection.nextPart()
        if part == nil { self.connection = nil }
        return part
    }

    package func collect(upTo limit: Int) async throws(ClientFault) -> [UInt8] {
        if let length, length > limit { throw .bodyTooLarge }
        var all: [UInt8] = []
        while let part = try await next() {
            guard part.count <= limit - all.count else { throw .bodyTooLarge }
            if all.isEmpty { all = part } else { all += part }
        }
        return all
    }

    /// The body's chunks in the order they come; nil at the end.
    package struct Iterator: AsyncIteratorProtocol {
        let body: IncomingBody

        package mutating func next() async throws(ClientFault) -> [UInt8]? { try await body.next() }
    }

    package func makeAsyncIterator() -> Iterator { Iterator(body: self) }
}

extension Response {
    /// An upstream's answer for our own client: status and fields as they came, but for those that concern the
    /// upstream's connection, `Date`, and those in `dropping`. A body that has come whole leaves in one write with its
    /// head.
    package init(
        forwarding incoming: IncomingResponse, without stopped: StoppedFields = .ofAnswers
    ) {
        var headers = Headers(reserving: incoming.headers.bytes.count + 128)
        incoming.headers.forwarded(without: stopped, into: &headers)
        let source = incoming.body
        let body: MessageBody
        if let whole = source.whole, source.length ?? whole.count == whole.count {
            body = .bytes(whole)
        } else {
            body = .stream(length: source.length) { writer in
                // Of a stream nothing may come for long: its client is to see that it is open.
                if !source.hasBegun { writer.flush() }
                while let part = try await source.next() { try await writer.write(part) }
            }
        }
        self.init(incoming.status, headers: headers, body: body)
    }
}
