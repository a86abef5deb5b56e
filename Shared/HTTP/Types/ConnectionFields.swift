/// The fields that concern one connection and its messages' framing (RFC 9110 §7.6.1): never passed on, never set by hand.
enum ConnectionFields {
    private static let names: HeaderNames = [
        "connection", "content-length", "expect", "http2-settings", "keep-alive", "proxy-authenticate",
        "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    static func holds(_ bytes: Span<UInt8>, _ name: Range<Int>) -> Bool { names.contains(bytes, name) }
}
