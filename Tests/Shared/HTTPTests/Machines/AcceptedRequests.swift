/// Streams that a strict server must read, and what it reads: one line per request, `METHOD path?name=value… body`.
enum AcceptedRequests {
    struct Case: Sendable {
        let message: MessageCase
        let requests: [String]

        init(_ name: String, _ text: String, _ requests: String...) {
            message = MessageCase(name, text, nil)
            self.requests = requests
        }
    }

    static let all: [Case] = [
        Case("plain", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /"),
        Case("one empty line before", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /"),
        Case("HTTP/1.0 without Host", "GET /x HTTP/1.0\r\n\r\n", "GET /x"),
        Case("no blank behind the colon", "GET / HTTP/1.1\r\nhOST:a\r\nX:\r\nY: \t z \t\r\n\r\n", "GET /"),
        Case("TAB and 0xFF in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\tb\u{FF}\r\n\r\n", "GET /"),
        Case("Host with port", "GET / HTTP/1.1\r\nHost: a-b.example:8080\r\n\r\n", "GET /"),
        Case("Host IPv4", "GET / HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n", "GET /"),
        Case("Host IPv6", "GET / HTTP/1.1\r\nHost: [::1]:65535\r\n\r\n", "GET /"),
        Case("absolute target", "GET http://A:80/b?c=d HTTP/1.1\r\nHost: a:80\r\n\r\n", "GET /b?c=d"),
        Case("absolute target without path", "GET http://a HTTP/1.1\r\nHost: a\r\n\r\n", "GET /"),
        Case("absolute target, query only", "GET https://a?b HTTP/1.1\r\nHost: a\r\n\r\n", "GET /?b="),
        Case("asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS *"),
        Case("encoded once", "GET /%61%252e%C3%A9/%25 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a%2eé/%"),
        Case("slashes merged", "GET //a///b// HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a/b/"),
        Case("dots that are no segments", "GET /.a/..b/... HTTP/1.1\r\nHost: a\r\n\r\n", "GET /.a/..b/..."),
        Case(
            "query", "GET /a?x=1&&y=a+b%2Bc%26&z&=e&f==g&h=%C3%A9&i=/?[] HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /a?x=1&y=a b+c&&z=&=e&f==g&h=é&i=/?[]"),
        Case("empty query", "GET /a? HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a"),
        Case("length", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "POST /a hello"),
        Case("length zero", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "POST /a"),
        Case(
            "chunks",
            "PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n00A\r\n, chunked!\r\n"
                + "0\r\n\r\n", "PUT /a hello, chunked!"),
        Case(
            "chunks, coding in capitals",
            "PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \t Chunked \r\n\r\n0\r\n\r\n",
            "PUT /a"),
        Case(
            "chunk extensions",
            "PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "1;a\r\nx\r\n1;a=b;c=\"d \\\"\\\\;\"\r\ny\r\n0;e\r\n\r\n", "PUT /a xy"),
        Case(
            "trailers are dropped",
            "PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n"
                + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\nHost: b\r\nAuthorization: c\r\n\r\n", "PUT /a x"),
        Case(
            "bodies on all methods are consumed exactly",
            ["GET", "HEAD", "OPTIONS", "DELETE", "PATCH"].map {
                "\($0) /\($0) HTTP/1.1\r\nHost: a\r\nContent-Length: 33\r\n\r\n" + MessageCase.poison
            }.joined(), "GET /GET " + MessageCase.poison, "HEAD /HEAD " + MessageCase.poison,
            "OPTIONS /OPTIONS " + MessageCase.poison, "DELETE /DELETE " + MessageCase.poison,
            "PATCH /PATCH " + MessageCase.poison),
        Case(
            "chunked body on GET",
            "GET /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n21\r\n"
                + MessageCase.poison + "\r\n0\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /a " + MessageCase.poison, "GET /b"),
        Case(
            "early body after Expect",
            "POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\nhi"
                + "GET /b HTTP/1.1\r\nHost: a\r\n\r\n", "POST /a hi", "GET /b"),
        Case(
            "Upgrade h2c is ignored",
            "GET /a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk"
                + "\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a", "GET /b"),
        Case(
            "pipelined",
            (0..<100).map { "POST /\($0) HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx" }.joined()
        ).reading((0..<100).map { "POST /\($0) x" }),
        Case(
            "field line of 8 KiB",
            "GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "a", count: 8_189) + "\r\n\r\n",
            "GET /"),
        Case(
            "block of 32 KiB",
            "GET / HTTP/1.1\r\nHost: a\r\n"
                + (0..<4).map { "X\($0): " + String(repeating: "a", count: $0 == 3 ? 8_186 : 8_183) + "\r\n" }.joined()
                + "\r\n", "GET /"),
        Case(
            "100 fields", "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: y\r\n", count: 99) + "\r\n", "GET /"),
        Case(
            "target of 8 KiB", "OPTIONS /" + String(repeating: "a", count: 8_191) + " HTTP/1.1\r\nHost: a\r\n\r\n",
            "OPTIONS /" + String(repeating: "a", count: 8_191)),
    ]
}

extension AcceptedRequests.Case {
    func reading(_ requests: [String]) -> Self { Self(message: message, requests: requests) }

    private init(message: MessageCase, requests: [String]) {
        self.message = message
        self.requests = requests
    }
}
