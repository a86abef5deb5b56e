/// Where the parts of a body come from.
protocol BodySource: AnyObject {
    /// The next part, `nil` at the end.
    func nextPart() async throws(HTTPFault) -> [UInt8]?
    func allow(_ duration: Duration)
}

/// A request's body, taken part by part as the handler asks for it; what is not asked for is not read from the socket.
package final class RequestBody: @unchecked Sendable, AsyncSequence {
    package static let defaultLimit = 1_048_576
    package static let empty = RequestBody([])

    /// As declared; `nil` when the client does not say.
    package let length: Int?
    private var limit = defaultLimit
    private var taken = 0
    private var rest: [UInt8]
    private weak var source: (any BodySource)?
    private let hasSource: Bool
    /// Why it will never be whole: the sender's doing.
    package private(set) var fault: HTTPFault?
    private(set) var isAtEnd = false
    /// Somebody is reading it now, perhaps beyond the answer: a body that is passed on.
    private(set) var isBeingRead = false

    init(length: Int?, from source: any BodySource, limit: Int) {
        self.length = length
        self.source = source
        self.limit = limit
        hasSource = true
        rest = []
    }

    package init(_ bytes: [UInt8]) {
        length = bytes.count
        rest = bytes
        hasSource = false
    }

    package var isEmpty: Bool { length == 0 }
    /// Whether all of it has arrived and was taken.
    package var isWhole: Bool { hasSource ? isAtEnd || length == 0 : rest.isEmpty }

    /// Lets this body be larger, and take longer to arrive, than the server's defaults; before the first part is read.
    package func allow(upTo bytes: Int, within duration: Duration? = nil) {
        guard hasSource else { return }
        limit = bytes
        if let duration { source?.allow(duration) }
    }

    /// The next bytes of the body, `nil` when it is whole.
    package func next() async throws(HTTPFault) -> [UInt8]? {
        guard hasSource else { return takeRest() }
        if let fault { throw fault }
        if isAtEnd { return nil }
        if let length, length > limit { throw fail(.bodyTooLarge) }
        guard let source else { throw fail(.answered) }
        isBeingRead = true
        defer { isBeingRead = false }
        do throws(HTTPFault) {
            guard let part = try await source.nextPart() else {
                isAtEnd = true
                return nil
            }
            taken += part.count
            if taken > limit { throw HTTPFault.bodyTooLarge }
            return part
        } catch {
            throw fail(error)
        }
    }

    /// The whole body; throws `bodyTooLarge` as soon as it is known to be larger than `limit`.
    package func collect(upTo limit: Int = defaultLimit) async throws(HTTPFault) -> [UInt8] {
        if let length, length > limit { throw fail(.bodyTooLarge) }
        if hasSource { self.limit = limit }
        guard var whole = try await next() else { return [] }
        if let length { whole.reserveCapacity(length) }
        while let part = try await next() { whole += part }
        if whole.count > limit { throw fail(.bodyTooLarge) }
        return whole
    }

    /// The body's beginning: all of it if it is no larger than `count` bytes, else at least as many; the rest is still
    /// to be read. A body that is declared to be larger is not begun.
    package func beginning(upTo count: Int) async throws(HTTPFault) -> [UInt8] {
        if let length, length > count { return [] }
        var bytes: [UInt8] = []
        while bytes.count <= count, let part = try await next() { bytes += part }
        return bytes
    }

    /// The connection goes on to the next request.
    func detach() {
        if hasSource, !isAtEnd, fault == nil { fault = .answered }
    }

    private func fail(_ fault: HTTPFault) -> HTTPFault {
        if hasSource { self.fault = fault }
        return fault
    }

    private func takeRest() -> [UInt8]? {
        if rest.isEmpty { return nil }
        defer { rest = [] }
        return rest
    }

    /// The body's chunks in the order they come; nil at the end.
    package struct Iterator: AsyncIteratorProtocol {
        let body: RequestBody

        package mutating func next() async throws(HTTPFault) -> [UInt8]? { try await body.next() }
    }

    package func makeAsyncIterator() -> Iterator { Iterator(body: self) }
}
