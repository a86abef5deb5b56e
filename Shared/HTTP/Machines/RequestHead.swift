/// How a message's body ends, RFC 9112 §6.3.
package enum BodyFraming: Sendable, Hashable {
    case none
    case length(Int)
    case chunked
    /// Responses only: the body is all that comes before the connection closes.
    case untilClose

    /// No byte of a body will come.
    package var isEmpty: Bool { self == .none || self == .length(0) }
}

/// The protocol versions that are answered (RFC 9112 §2.3).
package enum HTTPVersion: Sendable, Hashable {
    case http10
    case http11
}

/// A request's head as ranges of its bytes. All slices count from the first byte that was given to the parser.
package struct RequestHead: Sendable, Hashable {
    package internal(set) var method = Method.get
    package internal(set) var version = HTTPVersion.http11
    /// As it was sent; `RequestTarget` reads it.
    package internal(set) var target = Slice.empty
    package internal(set) var fields: [HeaderField] = []
    /// Empty only in HTTP/1.0, where it may be absent.
    package internal(set) var host = Slice.empty
    package internal(set) var framing = BodyFraming.none
    package internal(set) var keepAlive = true
    /// A body will come once `100 Continue` was said.
    package internal(set) var expectsContinue = false
    /// Bytes of the head with its last CRLF: the body starts here.
    package internal(set) var length = 0

    package init() {}

    /// The first field of that name.
    package func value(_ name: HeaderName, in bytes: Span<UInt8>) -> Slice? {
        fields.first(name, in: bytes)
    }

    /// Where its body lies in `bytes`, behind the head; nil while not all of it has come, and where its end is not
    /// known beforehand.
    package func wholeBody(in bytes: Span<UInt8>) -> Range<Int>? {
        switch framing {
        case .none: return length..<length
        case .length(let count) where count <= bytes.count - length: return length..<length + count
        case .length, .chunked, .untilClose: return nil
        }
    }
}

/// A response's head as ranges of its bytes. All slices count from the first byte that was given to the parser.
package struct ResponseHead: Sendable, Hashable {
    package internal(set) var status = 0
    package internal(set) var version = HTTPVersion.http11
    package internal(set) var fields: [HeaderField] = []
    package internal(set) var framing = BodyFraming.none
    package internal(set) var keepAlive = true
    /// Bytes up to the body, with the interim responses before it.
    package internal(set) var length = 0

    package init() {}

    /// The first field of that name.
    package func value(_ name: HeaderName, in bytes: Span<UInt8>) -> Slice? {
        fields.first(name, in: bytes)
    }
}

extension RequestHead {
    /// The path in its bytes, when it may be taken as it stands: a target in origin form without anything encoded,
    /// doubled or dotted. `RequestTarget` reads all others.
    package func plainPath(in bytes: Span<UInt8>) -> Range<Int>? {
        let target = target.range
        guard let first = target.first, target.upperBound <= bytes.count, bytes[first] == UInt8(ascii: "/") else {
            return nil
        }
        guard let end = PercentText.endOfPlainPath(bytes, target) else { return nil }
        return first..<end
    }
}

extension [HeaderField] {
    /// How many fields of that name there are, and where the first one's value stands.
    package func count(_ name: HeaderName, in bytes: Span<UInt8>) -> (count: Int, first: Slice?) {
        var found: (count: Int, first: Slice?) = (0, nil)
        for field in self where name.matches(bytes, field.name.range) {
            found = (found.count + 1, found.first ?? field.value)
        }
        return found
    }

    func first(_ name: HeaderName, in bytes: Span<UInt8>) -> Slice? {
        for field in self where name.matches(bytes, field.name.range) { return field.value }
        return nil
    }

    /// All values of that name, without those that are not UTF-8.
    package func values(_ name: HeaderName, in bytes: Span<UInt8>) -> [String] {
        var found: [String] = []
        for field in self where name.matches(bytes, field.name.range) {
            if let text = field.value.text(in: bytes) { found.append(text) }
        }
        return found
    }
}
