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

    /// Whether the bytes of that range spell this name.
    package func matches(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        FieldSyntax.equal(bytes, range, name)
    }
}
