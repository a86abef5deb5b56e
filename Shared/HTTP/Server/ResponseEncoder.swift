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

    static func appendHead(
        _ response: Response, framing: Framing, date: [UInt8], keepAlive: Bool, isOld: Bool, to bytes: inout [UInt8]
    ) {
        response.status.appendLine(to: &bytes)
        bytes.append(contentsOf: date)
        bytes.append(contentsOf: response.headers.block)
        switch framing {
        case .none, .untilClose: break
        case .chunked: bytes.append(contentsOf: chunked)
        case .length(let length):
            bytes.append(contentsOf: contentLength)
            bytes.append(decimal: length)
            bytes.append(contentsOf: lineEnd)
        }
        if !keepAlive {
            bytes.append(contentsOf: close)
        } else if isOld {
            bytes.append(contentsOf: keep)
        }
        bytes.append(contentsOf: lineEnd)
    }

    static let proceed = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
    private static let contentLength = Array("Content-Length: ".utf8)
    private static let chunked = Array("Transfer-Encoding: chunked\r\n".utf8)
    private static let close = Array("Connection: close\r\n".utf8)
    private static let keep = Array("Connection: keep-alive\r\n".utf8)
    private static let lineEnd: [UInt8] = [0x0D, 0x0A]
}
