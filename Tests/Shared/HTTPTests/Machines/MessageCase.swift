/// One stream of bytes with a name; also a seed for the fuzzers. Texts are Latin-1: `\u{85}` is the one byte 0x85.
struct MessageCase: Sendable {
    let name: String
    let bytes: [UInt8]
    /// The fault's status; nil when all of it is fine.
    let status: Int?

    init(_ name: String, _ text: String, _ status: Int? = 400) {
        self.name = name
        self.status = status
        bytes = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }

    /// A request with one odd field line or more, and the poison behind it.
    static func fields(_ name: String, _ fields: String, _ status: Int = 400, body: String = "") -> MessageCase {
        MessageCase(name, "POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n\(body)\(poison)", status)
    }

    /// A request with an odd first line.
    static func line(_ name: String, _ line: String, _ status: Int = 400) -> MessageCase {
        MessageCase(name, "\(line)\r\nHost: a\r\n\r\n\(poison)", status)
    }

    /// A chunked body.
    static func chunks(_ name: String, _ body: String, _ status: Int = 400) -> MessageCase {
        fields(name, "Transfer-Encoding: chunked", status, body: body)
    }

    /// A request with an odd `Host`.
    static func host(_ name: String, _ lines: String, _ status: Int = 400) -> MessageCase {
        MessageCase(name, "GET / HTTP/1.1\r\n\(lines)\r\n\(poison)", status)
    }

    /// What a smuggler hides behind a request: it must never be served after a fault.
    static let poison = "GET /poison HTTP/1.1\r\nHost: a\r\n\r\n"
}
