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
    /// By length; those of one length stand together.
    private let names: [HeaderName]
    /// Where the names of each length begin; one more than there are lengths.
    private let starts: [Int]

    package init(arrayLiteral names: HeaderName...) { self.init(names) }

    init(_ names: [HeaderName]) {
        let sorted = names.sorted { $0.length < $1.length }
        self.names = sorted
        starts = (0...((sorted.last?.length ?? 0) + 1)).map { length in
            sorted.firstIndex { $0.length >= length } ?? sorted.count
        }
    }

    func contains(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let length = range.count
        guard length &+ 1 < starts.count else { return false }
        for offset in starts[length]..<starts[length &+ 1] where names[offset].matches(bytes, range) { return true }
        return false
    }
}
