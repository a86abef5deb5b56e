/// A field name known at compile time, in lower case, compared with received names byte by byte without regard to case.
package struct HeaderName: Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    private let name: StaticString

    package init(stringLiteral name: StaticString) { self.name = name }

    package static let connection: HeaderName = "connection"
    package static let contentLength: HeaderName = "content-length"
    package static let expect: HeaderName = "expect"
    package static let host: HeaderName = "host"
    package static let transferEncoding: HeaderName = "transfer-encoding"

    package var description: String { name.description }

    var length: Int { name.utf8CodeUnitCount }

    /// Whether the bytes of that range spell this name.
    package func matches(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        FieldSyntax.equal(bytes, range, name)
    }
}

/// Several field names, asked for by their length first: most names are settled by that alone.
package struct HeaderNames: Sendable, ExpressibleByArrayLiteral {
    private var byLength: [[HeaderName]] = []

    package init(arrayLiteral names: HeaderName...) {
        for name in names {
            while byLength.count <= name.length { byLength.append([]) }
            byLength[name.length].append(name)
        }
    }

    func contains(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.count < byLength.count else { return false }
        for name in byLength[range.count] where name.matches(bytes, range) { return true }
        return false
    }
}
