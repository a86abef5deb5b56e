/// Whether a head is whole.
package enum HeadProgress: Sendable, Hashable {
    case needsMore
    case complete
}

/// Reads one request's head, strictly by RFC 9112, from a buffer that grows.
///
/// `parse` is given all bytes since the request's first one; it remembers how far it has looked. When the head is
/// complete, `head` says what came and `head.length` where the body starts; `reset()` makes ready for the next request.
/// After a fault the connection is to be answered with the fault's status and closed.
package struct RequestParser: Sendable {
    package private(set) var head = RequestHead()
    private let limits: HeadLimits
    private var lines = LineScanner()
    private var fields = FieldReader()
    /// Where the field lines start, once the request line is read.
    private var block: Int?
    private var hasSkippedBlankLine = false

    package init(limits: HeadLimits = .default) { self.limits = limits }

    /// Forgets the request; the tables keep their memory unless somebody still holds the head.
    package mutating func reset() {
        head = RequestHead()
        fields.reset()
        lines = LineScanner()
        block = nil
        hasSkippedBlankLine = false
    }

    package mutating func parse(_ bytes: Span<UInt8>) throws(MessageFault) -> HeadProgress {
        while true {
            guard let block else {
                guard let line = try lines.next(bytes, limit: limits.requestLine, tooLong: .targetTooLong) else {
                    return .needsMore
                }
                try firstLine(line, bytes)
                continue
            }
            let limit = max(0, min(limits.line, block + limits.block - lines.lineStart - 2))
            guard let line = try lines.next(bytes, limit: limit, tooLong: .fieldTooLong) else { return .needsMore }
            if line.isEmpty {
                try finish(bytes)
                return .complete
            }
            try fields.add(line, bytes, limits: limits)
        }
    }

    /// One empty line before a request is tolerated (RFC 9112 §2.2), a second is not.
    private mutating func firstLine(_ line: Range<Int>, _ bytes: Span<UInt8>) throws(MessageFault) {
        if line.isEmpty {
            guard !hasSkippedBlankLine else { throw .badRequestLine }
            hasSkippedBlankLine = true
            return
        }
        try requestLine(line, bytes)
        block = lines.lineStart
    }

    private mutating func requestLine(_ line: Range<Int>, _ bytes: Span<UInt8>) throws(MessageFault) {
        guard let first = Self.blank(in: line, bytes),
            let second = Self.blank(in: first + 1..<line.upperBound, bytes)
        else { throw .badRequestLine }
        let target = first + 1..<second
        guard target.count <= limits.target else { throw .targetTooLong }
        guard !target.isEmpty else { throw .badRequestLine }
        head.version = try Self.version(second + 1..<line.upperBound, bytes)
        head.method = try Method(bytes.extracting(line.lowerBound..<first))
        guard FieldSyntax.all(bytes, in: target, FieldSyntax.target) else { throw .badTarget }
        head.target = Slice(target)
    }

    private static func blank(in range: Range<Int>, _ bytes: Span<UInt8>) -> Int? {
        for offset in range where bytes[offset] == 0x20 { return offset }
        return nil
    }

    /// `HTTP/1.1` and `HTTP/1.0`; another digit is 505, anything else is no version.
    static func version(_ range: Range<Int>, _ bytes: Span<UInt8>) throws(MessageFault) -> HTTPVersion {
        let start = range.lowerBound
        guard range.count == 8, FieldSyntax.isExactly(bytes, start..<start + 5, "HTTP/"),
            FieldSyntax.isDigit(bytes[start + 5]), bytes[start + 6] == UInt8(ascii: "."),
            FieldSyntax.isDigit(bytes[start + 7])
        else { throw .badRequestLine }
        switch (bytes[start + 5], bytes[start + 7]) {
        case (UInt8(ascii: "1"), UInt8(ascii: "1")): return .http11
        case (UInt8(ascii: "1"), UInt8(ascii: "0")): return .http10
        default: throw .unsupportedVersion
        }
    }

    private mutating func finish(_ bytes: Span<UInt8>) throws(MessageFault) {
        head.framing = try fields.framing(head.version) ?? .none
        if let host = fields.host {
            guard HostSyntax.isAuthority(bytes, host.range) else { throw .badHost }
            head.host = host
        } else if head.version == .http11 {
            throw .badHost
        }
        if let expectation = fields.expectation {
            guard FieldSyntax.equal(bytes, expectation.range, "100-continue") else { throw .expectationFailed }
            head.expectsContinue = head.version == .http11 && !head.framing.isEmpty
        }
        head.keepAlive = fields.keepAlive(head.version)
        head.fields = fields.fields
        head.length = lines.lineStart
    }
}
