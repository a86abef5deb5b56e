/// Reads field lines and remembers what decides the framing; shared by requests and responses.
struct FieldReader: Sendable {
    private(set) var fields: [HeaderField] = []
    private(set) var contentLength: Int?
    private(set) var isChunked = false
    private(set) var host: Slice?
    private(set) var expectation: Slice?
    private(set) var saysClose = false
    private(set) var saysKeepAlive = false
    /// What was wrong with the coding, kept until the whole head is known: beside a length, that is the fault.
    private var codingFault: MessageFault?

    init() {}

    mutating func reset() {
        var kept = fields
        fields = []
        kept.removeAll(keepingCapacity: true)
        self = FieldReader()
        fields = kept
    }

    var hasTransferEncoding: Bool { isChunked || codingFault != nil }

    mutating func add(_ line: Range<Int>, _ bytes: Span<UInt8>, limits: HeadLimits) throws(MessageFault) {
        guard fields.count < limits.fields else { throw .tooManyFields }
        var colon = line.lowerBound
        while colon < line.upperBound, FieldSyntax.name.contains(bytes[colon]) { colon &+= 1 }
        guard colon > line.lowerBound, colon < line.upperBound, bytes[colon] == UInt8(ascii: ":") else {
            throw .badFieldName
        }
        let name = line.lowerBound..<colon
        let value = FieldSyntax.trimmed(bytes, colon + 1..<line.upperBound)
        fields.append(HeaderField(name: Slice(name), value: Slice(value)))
        try note(name, value, bytes)
    }

    private mutating func note(
        _ name: Range<Int>, _ value: Range<Int>, _ bytes: Span<UInt8>
    ) throws(MessageFault) {
        switch name.count {
        case 4 where HeaderName.host.matches(bytes, name):
            guard host == nil else { throw .badHost }
            host = Slice(value)
        case 6 where HeaderName.expect.matches(bytes, name):
            guard expectation == nil else { throw .expectationFailed }
            expectation = Slice(value)
        case 10 where HeaderName.connection.matches(bytes, name): connection(value, bytes)
        case 14 where HeaderName.contentLength.matches(bytes, name):
            guard contentLength == nil else { throw .ambiguousLength }
            contentLength = try Self.length(value, bytes)
        case 17 where HeaderName.transferEncoding.matches(bytes, name):
            guard !hasTransferEncoding else { throw .badTransferEncoding }
            codingFault = Self.codingFault(value, bytes)
            isChunked = codingFault == nil
        default: break
        }
    }

    /// RFC 9110 §8.6, and no leading zero: digits and nothing else.
    private static func length(_ value: Range<Int>, _ bytes: Span<UInt8>) throws(MessageFault) -> Int {
        guard let first = value.first, bytes[first] != UInt8(ascii: "0") || value.count == 1 else {
            throw .badContentLength
        }
        var length = 0
        for offset in value {
            guard FieldSyntax.isDigit(bytes[offset]) else { throw .badContentLength }
            let (tens, isOver) = length.multipliedReportingOverflow(by: 10)
            let (sum, isOverToo) = tens.addingReportingOverflow(Int(bytes[offset] &- 0x30))
            guard !isOver, !isOverToo else { throw .badContentLength }
            length = sum
        }
        return length
    }

    private mutating func connection(_ value: Range<Int>, _ bytes: Span<UInt8>) {
        FieldSyntax.elements(bytes, value) { option in
            if FieldSyntax.equal(bytes, option, "close") { saysClose = true }
            if FieldSyntax.equal(bytes, option, "keep-alive") { saysKeepAlive = true }
            return true
        }
    }

    /// `chunked` alone is understood. A clean list of other codings is 501; what looks like a disguise of `chunked`
    /// (or `identity`, which is no coding any more) is 400.
    private static func codingFault(_ value: Range<Int>, _ bytes: Span<UInt8>) -> MessageFault? {
        if FieldSyntax.equal(bytes, value, "chunked") { return nil }
        var fault = MessageFault.unknownTransferCoding
        FieldSyntax.elements(bytes, value) { coding in
            let isLast = coding.upperBound == value.upperBound
            let isClean = !coding.isEmpty && FieldSyntax.all(bytes, in: coding, FieldSyntax.token)
            let isIdentity = FieldSyntax.equal(bytes, coding, "identity")
            let isDisguise = holdsChunked(coding, bytes) && !(isLast && FieldSyntax.equal(bytes, coding, "chunked"))
            if !isClean || isIdentity || isDisguise { fault = .badTransferEncoding }
            return fault != .badTransferEncoding
        }
        return fault
    }

    private static func holdsChunked(_ coding: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        guard coding.count >= 7 else { return false }
        for start in coding.lowerBound...coding.upperBound - 7
        where FieldSyntax.equal(bytes, start..<start + 7, "chunked") { return true }
        return false
    }

    /// The framing these fields decide, or nil when none of them speaks of a body. RFC 9112 §6.3.
    func framing(_ version: HTTPVersion) throws(MessageFault) -> BodyFraming? {
        if hasTransferEncoding {
            if contentLength != nil { throw .ambiguousLength }
            if version == .http10 { throw .badTransferEncoding }
            if let codingFault { throw codingFault }
            return .chunked
        }
        return contentLength.map(BodyFraming.length)
    }

    func keepAlive(_ version: HTTPVersion) -> Bool {
        !saysClose && (version == .http11 || saysKeepAlive)
    }
}
