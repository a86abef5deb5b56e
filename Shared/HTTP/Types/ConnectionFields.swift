/// The fields that concern one connection and its messages' framing (RFC 9110 §7.6.1): never passed on, never set by hand.
enum ConnectionFields {
    static let names: [HeaderName] = [
        "connection", "content-length", "expect", "http2-settings", "keep-alive", "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    static func holds(_ bytes: Span<UInt8>, _ name: Range<Int>) -> Bool {
        guard name.count == 2 || (name.count >= 6 && name.count <= 19), let first = name.first else { return false }
        switch bytes[first] | 0x20 {
        case UInt8(ascii: "c"), UInt8(ascii: "e"), UInt8(ascii: "h"), UInt8(ascii: "k"), UInt8(ascii: "p"),
            UInt8(ascii: "t"), UInt8(ascii: "u"):
            for candidate in names where candidate.matches(bytes, name) { return true }
            return false
        default: return false
        }
    }
}
