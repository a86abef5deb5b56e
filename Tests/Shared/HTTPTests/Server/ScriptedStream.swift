import Lifecycle
import Net

extension ByteStream {
    /// Sends a text, with a pause at `cut`.
    func say(_ text: String, cut: Int = 0) async {
        let bytes = Array(text.utf8)
        let cut = min(cut, bytes.count)
        output.append(contentsOf: bytes[..<cut])
        flush()
        if cut > 0 { try? await loop.sleep(.microseconds(300)) }
        output.append(contentsOf: bytes[cut...])
        flush()
    }

    /// Answers 200 with that body and its length.
    func answer(_ body: String, status: String = "200 OK", cut: Int = 0) async {
        await say("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)", cut: cut)
    }

    /// The same, so long that head and body are `total` bytes together.
    func answer(total: Int) async {
        let body = FastPathWorld.body(ofTotal: total)
        await answer(body)
    }
}

extension FastPathWorld {
    private static let digits = (0..<30_000).map { "\($0)," }.joined()

    /// So many bytes, no part like another.
    static func body(_ length: Int) -> String { String(decoding: digits.utf8.prefix(length), as: UTF8.self) }

    /// The body of an answer that is so long with its head.
    static func body(ofTotal total: Int) -> String {
        let around = "HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n".utf8.count
        return body(total - around)
    }
}
