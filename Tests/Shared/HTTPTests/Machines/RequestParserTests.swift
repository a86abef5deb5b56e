import HTTP
import Testing

extension MessageCase: CustomTestStringConvertible {
    var testDescription: String { name }
}

extension AcceptedRequests.Case: CustomTestStringConvertible {
    var testDescription: String { message.name }
}

@Test(arguments: RefusedRequests.all)
func `a smuggled or malformed request is refused with its status and the poison is never served`(refused: MessageCase) {
    let whole = Conversation(refused.bytes)
    #expect(whole.fault?.status == refused.status)
    #expect(whole.requests.isEmpty)
    let drip = Conversation.drip(refused.bytes)
    #expect(drip.fault == whole.fault)
    #expect(drip.requests.isEmpty)
}

@Test(arguments: AcceptedRequests.all)
func `a valid stream is read the same wherever it is cut`(accepted: AcceptedRequests.Case) {
    let bytes = accepted.message.bytes
    let whole = Conversation(bytes)
    #expect(whole.requests == accepted.requests)
    #expect(whole.fault == nil)
    #expect(whole.isAtRest)
    #expect(Conversation.drip(bytes) == whole)
    for cut in stride(from: 1, to: bytes.count, by: bytes.count > 2_000 ? 97 : 1) {
        #expect(Conversation(bytes, cuts: [cut]) == whole, "cut at \(cut)")
    }
}

@Test(arguments: AcceptedRequests.all.prefix(24))
func `a stream that ends early serves nothing that is not whole`(accepted: AcceptedRequests.Case) {
    for length in 1..<accepted.message.bytes.count {
        let part = Conversation(Array(accepted.message.bytes[..<length]))
        #expect(part.fault == nil)
        #expect(part.requests == Array(accepted.requests.prefix(part.requests.count)))
        #expect(part.requests.count < accepted.requests.count, "\(length) bytes")
    }
}

@Test func `valid requests before a bad one are served, none after it`() {
    let bytes = AcceptedRequests.all[0].message.bytes + RefusedRequests.lengths[0].bytes
    let conversation = Conversation(bytes)
    #expect(conversation.requests == ["GET /"])
    #expect(conversation.fault == .ambiguousLength)
}

private func head(_ text: String) throws -> RequestHead {
    try #require(Conversation(MessageCase("", text, nil).bytes).heads.first)
}

@Test(arguments: [
    ("1.1", "", true), ("1.1", "Connection: close\r\n", false), ("1.1", "Connection: x, Close\r\n", false),
    ("1.1", "Connection: keep-alive\r\nConnection: close\r\n", false), ("1.1", "Connection: closed\r\n", true),
    ("1.0", "", false), ("1.0", "Connection: Keep-Alive\r\n", true),
    ("1.0", "Connection: keep-alive, close\r\n", false),
])
func `the connection is kept as version and Connection say`(version: String, fields: String, keeps: Bool) throws {
    #expect(try head("GET / HTTP/\(version)\r\nHost: a\r\n\(fields)\r\n").keepAlive == keeps)
}

@Test(arguments: [
    ("1.1", "Content-Length: 5", true), ("1.1", "Transfer-Encoding: chunked", true),
    ("1.1", "Content-Length: 0", false),
    ("1.1", "X: y", false), ("1.0", "Content-Length: 5", false),
])
func `100 Continue is expected only where a body can wait for it`(version: String, field: String, expects: Bool) throws
{
    let text = "POST / HTTP/\(version)\r\nHost: a\r\nExpect: 100-continue\r\n\(field)\r\n\r\n"
    #expect(try head(text).expectsContinue == expects)
}

@Test func `a head's fields are found without regard to case, values without blanks`() throws {
    let bytes = MessageCase("", "GET /a HTTP/1.1\r\nHost: a\r\nX-Id:  7 \r\nx-id: 8\r\nEmpty:\r\n\r\n", nil).bytes
    var parser = RequestParser()
    #expect(try parser.parse(bytes.span) == .complete)
    let head = parser.head
    #expect(head.value("x-id", in: bytes.span)?.text(in: bytes.span) == "7")
    #expect(head.value(.host, in: bytes.span)?.text(in: bytes.span) == "a")
    #expect(head.value("empty", in: bytes.span)?.text(in: bytes.span) == "")
    #expect(head.value("x-i", in: bytes.span) == nil)
    #expect(head.target.text(in: bytes.span) == "/a")
    #expect(head.length == bytes.count)
    #expect(head.fields.count == 4)
}

@Test func `a length of many exabytes is a length`() throws {
    let text = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000000000000000\r\n\r\n"
    #expect(try head(text).framing == .length(9_000_000_000_000_000_000))
}

@Test func `a head that somebody keeps is not changed by the next request`() throws {
    var parser = RequestParser()
    let first = MessageCase("", "GET /a HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n", nil).bytes
    let second = MessageCase("", "GET /b HTTP/1.1\r\nHost: bb\r\n\r\n", nil).bytes
    #expect(try parser.parse(first.span) == .complete)
    let kept = parser.head
    parser.reset()
    #expect(try parser.parse(second.span) == .complete)
    #expect(kept.fields.count == 2)
    #expect(kept.value("x", in: first.span)?.text(in: first.span) == "y")
    #expect(parser.head.host.text(in: second.span) == "bb")
}
