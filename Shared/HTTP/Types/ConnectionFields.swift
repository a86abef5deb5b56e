/// The fields that concern one connection and its messages' framing (RFC 9110 §7.6.1): never passed on, never set by
/// hand.
enum ConnectionFields {
    static let all: [HeaderName] = [
        "connection", "content-length", "expect", "http2-settings", "keep-alive", "proxy-authenticate",
        "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    private static let names = HeaderNames(all)

    static func holds(_ bytes: Span<UInt8>, _ name: Range<Int>) -> Bool { names.contains(bytes, name) }

    /// Whether a `Connection` field has more to say than whether the connection is kept: names of fields that concern
    /// it too.
    static func nameOthers(_ fields: [HeaderField], in bytes: Span<UInt8>) -> Bool {
        for field in fields where HeaderName.connection.matches(bytes, field.name.range) {
            let value = field.value.range
            if !FieldSyntax.equal(bytes, value, "keep-alive"), !FieldSyntax.equal(bytes, value, "close") { return true }
        }
        return false
    }

    /// Whether a `Connection` field among them names the field whose name stands at `name`.
    static func name(_ bytes: Span<UInt8>, _ name: Range<Int>, _ fields: [HeaderField]) -> Bool {
        var isNamed = false
        for field in fields where HeaderName.connection.matches(bytes, field.name.range) {
            FieldSyntax.elements(bytes, field.value.range) { option in
                isNamed = FieldSyntax.equal(bytes, option, name)
                return !isNamed
            }
            if isNamed { return true }
        }
        return false
    }
}
