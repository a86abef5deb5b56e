/// Reads the head of a response to one request, from a buffer that grows; used by clients.
///
/// Interim responses (1xx) are skipped and counted; the final one is in `head`. Whoever meets a fault, or bytes behind
/// the body, discards the connection: nothing on it can be trusted any more.
package struct ResponseParser: Sendable {
    package private(set) var head = ResponseHead()
    /// The server said `100 Continue`.
    package private(set) var hasContinued = false
    private let limits: HeadLimits
    private var isForHead: Bool
    private var lines = LineScanner()
    private var fields = FieldReader()
    /// Where the field lines start, once the status line is read.
    private var block: Int?
    private var interimResponses = 0

    /// `method` is that of the request which is answered: HEAD has no body whatever its fields say.
    package init(answering method: Method, limits: HeadLimits = .default) {
        self.limits = limits
        isForHead = method == .head
    }

    /// Makes ready for another response on the same connection; the tables keep their memory unless somebody still
    /// holds the last head.
    mutating func reset(answering method: Method) {
        isForHead = method == .head
        head = ResponseHead()
        hasContinued = false
        fields.reset()
        lines = LineScanner()
        block = nil
        interimResponses = 0
    }

    package mutating func parse(_ bytes: Span<UInt8>) throws(MessageFault) -> HeadProgress {
        while true {
            guard let block else {
                guard let line = try lines.next(bytes, limit: limits.line, tooLong: .fieldTooLong) else {
                    return .needsMore
                }
                try statusLine(line, bytes)
                self.block = lines.lineStart
                continue
            }
            let limit = max(0, min(limits.line, block + limits.block - lines.lineStart - 2))
            guard let line = try lines.next(bytes, limit: limit, tooLong: .fieldTooLong) else { return .needsMore }
            guard line.isEmpty else {
                try fields.add(line, bytes, limits: limits)
                continue
            }
            if try isFinal() { return .complete }
        }
    }

    /// `HTTP/1.1 200 OK`; the reason may be empty, even without its blank.
    private mutating func statusLine(_ line: Range<Int>, _ bytes: Span<UInt8>) throws(MessageFault) {
        guard line.count >= 12 else { throw .badStatusLine }
        let start = line.lowerBound
        if FieldSyntax.isExactly(bytes, start..<start + 8, "HTTP/1.1") {
            head.version = .http11
        } else if FieldSyntax.isExactly(bytes, start..<start + 8, "HTTP/1.0") {
            head.version = .http10
        } else {
            throw .badStatusLine
        }
        guard bytes[start + 8] == 0x20, line.count == 12 || bytes[start + 12] == 0x20 else { throw .badStatusLine }
        var status = 0
        for offset in start + 9..<start + 12 {
            guard FieldSyntax.isDigit(bytes[offset]) else { throw .badStatusLine }
            status = status * 10 + Int(bytes[offset] - 0x30)
        }
        guard (100...599).contains(status) else { throw .badStatusLine }
        head.status = status
    }

    /// Decides the framing, or makes ready for the response after an interim one.
    private mutating func isFinal() throws(MessageFault) -> Bool {
        let declared = try fields.framing(head.version)
        guard head.status >= 200 else {
            try skipInterim(declared)
            return false
        }
        head.framing = try framing(declared)
        head.keepAlive = fields.keepAlive(head.version) && head.framing != .untilClose
        head.fields = fields.fields
        head.length = lines.lineStart
        return true
    }

    /// RFC 9112 §6.3, rules 1 to 8.
    private func framing(_ declared: BodyFraming?) throws(MessageFault) -> BodyFraming {
        switch head.status {
        case 204:
            guard declared?.isEmpty ?? true else { throw .ambiguousLength }
            return .none
        case 304: return .none
        default: return isForHead ? .none : declared ?? .untilClose
        }
    }

    /// We never ask to switch protocols, so 101 is a fault; so are interim responses without end, or with a body.
    private mutating func skipInterim(_ declared: BodyFraming?) throws(MessageFault) {
        guard head.status != 101, head.version == .http11 else { throw .badStatusLine }
        guard declared?.isEmpty ?? true else { throw .ambiguousLength }
        interimResponses += 1
        guard interimResponses <= limits.interimResponses else { throw .tooManyInterimResponses }
        if head.status == 100 { hasContinued = true }
        fields.reset()
        block = nil
    }
}
