internal import Kernel

/// Writes the head of an answer. The framing is decided here and nowhere else.
enum ResponseEncoder {
    /// How the body of the answer is sent.
    enum Framing: Equatable {
        case none
        case length(Int)
        case chunked
        /// To a client of HTTP/1.0, which knows no chunks: the end of the connection is the end of the body.
        case untilClose
    }

    static func framing(of response: Response, to request: RequestHead) -> Framing {
        if response.status.isBodiless { return .none }
        if let length = response.body.length { return .length(length) }
        return request.version == .http11 ? .chunked : .untilClose
    }

    /// - Parameter headers: all that the answer says, and its date, but not how its body ends.
    static func appendHead(
        _ status: Status, framing: Framing, keepAlive: Bool, isOld: Bool, to bytes: inout [UInt8],
        _ headers: (inout [UInt8]) -> Void
    ) {
        status.appendLine(to: &bytes)
        headers(&bytes)
        switch framing {
        case .none, .untilClose: break
        case .chunked: bytes.append("Transfer-Encoding: chunked\r\n")
        case .length(let length):
            bytes.append("Content-Length: ")
            bytes.append(decimal: length)
            bytes.append("\r\n")
        }
        if !keepAlive {
            bytes.append("Connection: close\r\n")
        } else if isOld {
            bytes.append("Connection: keep-alive\r\n")
        }
        bytes.append("\r\n")
    }

    static let proceed = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
}
