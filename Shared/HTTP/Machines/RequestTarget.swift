/// What a request asks for: its path, decoded once and for all, and its query. RFC 9112 §3.2, RFC 3986.
///
/// Refused: encoded slashes, backslashes and control characters, `.` and `..` segments in any spelling, broken percent
/// signs, text that is not UTF-8. Slashes that follow each other are one.
package struct RequestTarget: Sendable, Equatable {
    /// The forms of a request target (RFC 9112 §3.2).
    package enum Form: Sendable, Hashable {
        case origin
        case absolute
        /// `OPTIONS *`
        case asterisk
    }

    package let form: Form
    /// Decoded; it begins with a slash. `*` in the asterisk form.
    package let path: String
    /// The path as it was sent; empty when an absolute target has none.
    package let rawPath: Slice
    /// What stands behind the question mark, as it was sent; nil without one.
    package let rawQuery: Slice?

    /// Reads a head's target; `bytes` are those its parser was given.
    package init(_ head: RequestHead, in bytes: Span<UInt8>) throws(MessageFault) {
        let target = head.target.range
        guard let first = target.first, target.upperBound <= bytes.count else { throw .badTarget }
        if target.count == 1, bytes[first] == UInt8(ascii: "*") {
            guard head.method == .options else { throw .badTarget }
            form = .asterisk
            path = "*"
            rawPath = head.target
            rawQuery = nil
            return
        }
        var start = first
        if bytes[first] == UInt8(ascii: "/") {
            form = .origin
        } else {
            start = try Self.authorityEnd(target, host: head.host.range, bytes)
            form = .absolute
        }
        let question = Self.offset(of: UInt8(ascii: "?"), in: start..<target.upperBound, bytes)
        let raw = start..<(question ?? target.upperBound)
        rawPath = Slice(raw)
        rawQuery = question.map { Slice($0 + 1..<target.upperBound) }
        path = try PercentText.path(bytes, raw)
    }

    /// The query's parameters in their order.
    package func parameters(in bytes: Span<UInt8>) throws(MessageFault) -> [QueryParameter] {
        guard let rawQuery else { return [] }
        guard rawQuery.range.upperBound <= bytes.count else { throw .badTarget }
        return try QueryParameter.read(bytes, rawQuery.range)
    }

    /// Behind `http://authority`; the authority must be what `Host` says.
    private static func authorityEnd(
        _ target: Range<Int>, host: Range<Int>, _ bytes: Span<UInt8>
    ) throws(MessageFault) -> Int {
        let start: Int
        if target.count > 7, FieldSyntax.equal(bytes, target.lowerBound..<target.lowerBound + 7, "http://") {
            start = target.lowerBound + 7
        } else if target.count > 8, FieldSyntax.equal(bytes, target.lowerBound..<target.lowerBound + 8, "https://") {
            start = target.lowerBound + 8
        } else {
            throw .badTarget
        }
        var end = start
        while end < target.upperBound, bytes[end] != UInt8(ascii: "/"), bytes[end] != UInt8(ascii: "?") { end += 1 }
        guard HostSyntax.isAuthority(bytes, start..<end), end - start == host.count else { throw .badHost }
        for (own, other) in zip(start..<end, host)
        where FieldSyntax.lowercased(bytes[own]) != FieldSyntax.lowercased(bytes[other]) { throw .badHost }
        return end
    }

    private static func offset(of byte: UInt8, in range: Range<Int>, _ bytes: Span<UInt8>) -> Int? {
        for offset in range where bytes[offset] == byte { return offset }
        return nil
    }
}

/// One `name=value` of a query, decoded.
package struct QueryParameter: Sendable, Hashable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// Reads `a=b&c=d`, where `+` is a blank. Empty pairs are skipped; a name without `=` has an empty value.
    package static func read(
        _ bytes: Span<UInt8>, _ query: Range<Int>
    ) throws(MessageFault) -> [QueryParameter] {
        var parameters: [QueryParameter] = []
        var start = query.lowerBound
        while start < query.upperBound {
            var end = start
            var equals: Int?
            while end < query.upperBound, bytes[end] != UInt8(ascii: "&") {
                if equals == nil, bytes[end] == UInt8(ascii: "=") { equals = end }
                end += 1
            }
            if start < end {
                parameters.append(
                    QueryParameter(
                        name: try PercentText.query(bytes, start..<(equals ?? end)),
                        value: try PercentText.query(bytes, (equals.map { $0 + 1 } ?? end)..<end)))
            }
            start = end + 1
        }
        return parameters
    }
}
