internal import Kernel

/// An answer's status, RFC 9110 §15, with the whole of its line ready to be sent.
package struct Status: Sendable, Hashable {
    package let code: Int

    package init(_ code: Int) { self.code = (200...599).contains(code) ? code : 500 }

    package static let ok = Status(200)
    package static let created = Status(201)
    package static let noContent = Status(204)
    package static let found = Status(302)
    package static let notModified = Status(304)
    package static let badRequest = Status(400)
    package static let notFound = Status(404)
    package static let internalError = Status(500)
    package static let badGateway = Status(502)
    package static let unavailable = Status(503)
    package static let gatewayTimeout = Status(504)

    /// Whether an answer of this status has no body by definition.
    package var isBodiless: Bool { code == 204 || code == 304 }

    package var reason: String { Self.reasons[code] ?? "Status" }

    /// `HTTP/1.1 200 OK` with its CRLF.
    func appendLine(to bytes: inout [UInt8]) {
        if code == 200 {
            bytes.append("HTTP/1.1 200 OK\r\n")
        } else {
            bytes.append(all: Self.lines[code &- 200])
        }
    }

    private static let lines: [[UInt8]] = (200...599).map(line)

    private static func line(_ code: Int) -> [UInt8] {
        Array("HTTP/1.1 \(code) \(reasons[code] ?? "Status")\r\n".utf8)
    }

    private static let reasons: [Int: String] = [
        200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content", 301: "Moved Permanently",
        302: "Found", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect",
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
        406: "Not Acceptable", 408: "Request Timeout", 409: "Conflict", 410: "Gone", 411: "Length Required",
        412: "Precondition Failed", 413: "Content Too Large", 414: "URI Too Long", 415: "Unsupported Media Type",
        416: "Range Not Satisfiable", 417: "Expectation Failed", 422: "Unprocessable Content", 423: "Locked",
        425: "Too Early", 428: "Precondition Required", 429: "Too Many Requests",
        431: "Request Header Fields Too Large",
        500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
        504: "Gateway Timeout", 505: "HTTP Version Not Supported", 507: "Insufficient Storage",
    ]
}
