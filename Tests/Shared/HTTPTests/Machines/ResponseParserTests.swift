import HTTP
import Testing

/// What a client makes of a response that arrives in pieces: `status body`, or the fault; nil while it is not whole.
private func read(
    _ bytes: [UInt8], to method: Method, cuts: some Sequence<Int>, closed: Bool = true
) -> Result<String, MessageFault>? {
    var parser = ResponseParser(answering: method)
    var received: [UInt8] = []
    var body: BodyParser?
    var (place, start) = (0, 0)
    var content: [UInt8] = []
    do throws(MessageFault) {
        for cut in Array(cuts) + [bytes.count] {
            received += bytes[start..<cut]
            start = cut
            if body == nil {
                guard try parser.parse(received.span) == .complete else { continue }
                body = BodyParser(parser.head.framing)
                place = parser.head.length
            }
            stepping: while true {
                switch try body?.next(received.span, at: &place) {
                case .data(let range): content += received[range]
                case .end: return .success(text(parser.head, content))
                case .needsMore, nil: break stepping
                }
            }
        }
    } catch {
        return .failure(error)
    }
    guard closed, let body, body.mayCloseNow else { return nil }
    return .success(text(parser.head, content))
}

private func text(_ head: ResponseHead, _ content: [UInt8]) -> String {
    "\(head.status)\(head.keepAlive ? "" : " close") " + String(decoding: content, as: UTF8.self)
}

@Test(arguments: [
    ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", Method.get, "200 hi"),
    ("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", .get, "200 "),
    ("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", .get, "200 "),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", .get, "200 hi"),
    ("HTTP/1.1 200 OK\r\n\r\nto the end", .get, "200 close to the end"),
    ("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", .get, "200 close hi"),
    ("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi", .get, "200 hi"),
    ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi", .get, "200 close hi"),
    ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", .head, "200 "), ("HTTP/1.1 204 No Content\r\n\r\n", .get, "204 "),
    ("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", .get, "204 "),
    ("HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n", .get, "304 "),
    ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nhi", .post, "201 hi"),
    (
        "HTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n",
        .get, "404 "
    ),
])
func `a response is read the same wherever it is cut`(text: String, method: Method, expected: String) {
    let bytes = Array(text.utf8)
    for cut in 1..<bytes.count {
        #expect(read(bytes, to: method, cuts: [cut]) == .success(expected), "cut at \(cut)")
    }
    #expect(read(bytes, to: method, cuts: bytes.indices.dropFirst()) == .success(expected))
}

@Test(arguments: [
    ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi", MessageFault.ambiguousLength),
    ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", .ambiguousLength),
    ("HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nhi", .badContentLength),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", .unknownTransferCoding),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", .badTransferEncoding),
    ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", .badTransferEncoding),
    ("HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\nhi", .ambiguousLength),
    ("HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", .ambiguousLength),
    ("HTTP/1.1 100 Continue\r\nContent-Length: 2\r\n\r\nhi", .ambiguousLength),
    ("HTTP/1.1 101 Switching\r\n\r\n", .badStatusLine), ("HTTP/1.1 099 X\r\n\r\n", .badStatusLine),
    ("HTTP/1.1 600 X\r\n\r\n", .badStatusLine), ("HTTP/1.1 20 OK\r\n\r\n", .badStatusLine),
    ("HTTP/1.1 2000 OK\r\n\r\n", .badStatusLine), ("HTTP/2.0 200 OK\r\n\r\n", .badStatusLine),
    ("http/1.1 200 OK\r\n\r\n", .badStatusLine), ("HTTP/1.1  200 OK\r\n\r\n", .badStatusLine),
    ("\r\nHTTP/1.1 200 OK\r\n\r\n", .badStatusLine), ("HTTP/1.1 200 OK\n\n", .badLineEnding),
    ("HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n", .badLineEnding), ("HTTP/1.1 200 OK\r\nX : a\r\n\r\n", .badFieldName),
    ("HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n", .badFieldName), ("HTTP/1.1 200 OK\r\nX: \u{0}\r\n\r\n", .badCharacter),
    (String(repeating: "HTTP/1.1 102 Wait\r\n\r\n", count: 9), .tooManyInterimResponses),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhiX", .badChunk),
    ("HTTP/1.1 200 OK\r\nX: " + String(repeating: "a", count: 9_000), .fieldTooLong),
    ("HTTP/1.1 200 OK\r\n" + String(repeating: "X: y\r\n", count: 101) + "\r\n", .tooManyFields),
])
func `a response whose framing is in doubt is refused`(text: String, fault: MessageFault) {
    let bytes = Array(text.utf8)
    #expect(read(bytes, to: .get, cuts: []) == .failure(fault))
    #expect(read(bytes, to: .get, cuts: bytes.indices.dropFirst()) == .failure(fault))
}

@Test(arguments: [
    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "",
])
func `a response cut short by the closing is not taken for whole`(text: String) {
    #expect(read(Array(text.utf8), to: .get, cuts: []) == nil)
}
