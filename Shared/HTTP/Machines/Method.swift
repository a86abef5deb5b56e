/// The methods we answer; all others are refused before a handler hears of them.
package enum Method: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"

    /// RFC 9110 §9.2.2: repeating it has the effect of doing it once.
    package var isIdempotent: Bool { self != .post && self != .patch }

    /// RFC 9110 §9.2.1: it asks and changes nothing.
    package var isSafe: Bool { self == .get || self == .head || self == .options }

    /// Reads a method (names are case-sensitive). Known and never answered: 405; unknown: 501; no token: 400.
    init(_ name: Span<UInt8>) throws(MessageFault) {
        var word: UInt64 = 0
        if name.count <= 8 { for offset in name.indices { word = word << 8 | UInt64(name[offset]) } }
        switch word {
        case 0x47_4554: self = .get
        case 0x4845_4144: self = .head
        case 0x504F_5354: self = .post
        case 0x50_5554: self = .put
        case 0x50_4154_4348: self = .patch
        case 0x4445_4C45_5445: self = .delete
        case 0x4F_5054_494F_4E53: self = .options
        case 0x54_5241_4345, 0x43_4F4E_4E45_4354: throw .methodNotAllowed  // TRACE, CONNECT
        default: throw FieldSyntax.isToken(name) ? .unknownMethod : .badRequestLine
        }
    }
}
