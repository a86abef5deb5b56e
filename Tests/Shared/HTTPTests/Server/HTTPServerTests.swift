import HTTP
import Lifecycle
import Net
import Testing

@Suite struct HTTPServerTests {
    private static let echoPath: Handler = { request in
        Response(.ok, headers: ["Content-Type": "text/plain"], body: .bytes(Array(request.path.utf8)))
    }

    private static let echoBody: Handler = { request in
        do {
            return Response(.ok, body: .bytes(try await request.body.collect()))
        } catch {
            return Response(.internalError)
        }
    }

    @Test func `an answer has its status, its date, its fields and its length`() async throws {
        let answer = try await RawConversation.with(handler: Self.echoPath) {
            try await $0.say("GET /a%20b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        }
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\nDate: "))
        #expect(
            answer.contains(" GMT\r\nContent-Type: text/plain\r\nContent-Length: 4\r\nConnection: close\r\n\r\n/a b"))
    }

    @Test func `pipelined requests are answered in their order`() async throws {
        let answer = try await RawConversation.with(handler: { request in
            if request.path == "/0" { try? await EventLoop.current?.sleep(.milliseconds(5)) }
            return await Self.echoPath(request)
        }) { conversation in
            let requests = (0..<100).map {
                "GET /\($0) HTTP/1.1\r\nHost: x\r\n\(($0 == 99 ? "Connection: close\r\n" : ""))\r\n"
            }
            return try await conversation.say(requests.joined())
        }
        let bodies = answer.split(separator: "HTTP/1.1 200 OK").compactMap {
            $0.split(separator: "\r\n").last.map(String.init)
        }
        #expect(bodies == (0..<100).map { "/\($0)" })
    }

    @Test func `a request cut at any byte is answered as if it had come whole`() async throws {
        let text = Array("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello".utf8)
        try await RawConversation.with(handler: Self.echoBody) { conversation in
            for cut in 1..<text.count {
                let stream = try await conversation.connect()
                stream.output.append(contentsOf: text[..<cut])
                stream.flush()
                try await stream.loop.sleep(.microseconds(300))
                stream.output.append(contentsOf: text[cut...])
                let answer = try await RawConversation.rest(stream)
                #expect(answer.hasSuffix("\r\n\r\nhello"), "cut at \(cut)")
                stream.close()
            }
        }
    }

    @Test(arguments: [
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"),
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd", "400"),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "400"),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n", "501"),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n", "400"),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\n\r\n", "400"), ("GET / HTTP/1.1\r\nHost : x\r\n\r\n", "400"),
        ("GET / HTTP/1.1\nHost: x\n\n", "400"),
        ("GET / HTTP/2.0\r\nHost: x\r\n\r\n", "505"), ("BREW / HTTP/1.1\r\nHost: x\r\n\r\n", "501"),
        ("GET /%2e%2e HTTP/1.1\r\nHost: x\r\n\r\n", "400"),
        ("GET /\(String(repeating: "a", count: 9_000)) HTTP/1.1\r\nHost: x\r\n\r\n", "414"),
        ("GET / HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "a", count: 9_000))\r\n\r\n", "431"),
    ])
    func `what is no clean request is refused once, and what follows is never served`(_ text: String, _ status: String)
        async throws
    {
        let served = Locked<[String]>([])
        let answer = try await RawConversation.with(handler: { request in
            served.withLock { $0.append(request.path) }
            return await Self.echoBody(request)
        }) { try await $0.say(text + "GET /poison HTTP/1.1\r\nHost: x\r\n\r\n") }
        #expect(answer.statuses == [status])
        #expect(answer.contains("Connection: close"))
        #expect(!served.withLock { $0 }.contains("/poison"))
    }

    @Test func `a good request before a bad one is answered first`() async throws {
        let answer = try await RawConversation.with(handler: Self.echoPath) {
            try await $0.say("GET /good HTTP/1.1\r\nHost: x\r\n\r\nGET  /bad HTTP/1.1\r\nHost: x\r\n\r\n")
        }
        #expect(answer.statuses == ["200", "400"])
    }

    @Test func `a chunked body arrives whole, and the next request after it`() async throws {
        let answer = try await RawConversation.with(handler: Self.echoBody) {
            try await $0.say(
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n6\r\n world\r\n0\r\nT: x\r\n\r\n"
                    + "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nend")
        }
        #expect(answer.contains("\r\n\r\nhello world"))
        #expect(answer.hasSuffix("\r\n\r\nend"))
        #expect(answer.statuses == ["200", "200"])
    }

    @Test func `a client that waits for 100 is told to go on, once somebody wants its body`() async throws {
        try await RawConversation.with(handler: { request in
            request.path == "/no" ? Response(Status(403)) : await Self.echoBody(request)
        }) { conversation in
            let stream = try await conversation.connect()
            stream.output.append(
                contentsOf: "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n".utf8)
            let first = try await RawConversation.read(stream, until: "\r\n\r\n")
            #expect(first == "HTTP/1.1 100 Continue\r\n\r\n")
            stream.output.append(contentsOf: "ok".utf8)
            #expect(try await RawConversation.read(stream, until: "ok").contains("200 OK"))
            stream.close()
            let refused = try await conversation.say(
                "POST /no HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
            #expect(refused.statuses == ["403"])
        }
    }

    @Test func `a body larger than its limit is refused before it is read`() async throws {
        var limits = HTTPLimits.quick
        limits.bodyBytes = 10
        let both = try await RawConversation.with(
            limits: limits,
            handler: { request in
                while let _ = try? await request.body.next() {}
                return Response(.ok)
            }
        ) { conversation in
            let known = try await conversation.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000000\r\n\r\n")
            let unknown = try await conversation.say(
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n")
            return [known.statuses, unknown.statuses]
        }
        #expect(both == [["413"], ["413"]])
    }

    @Test func `HEAD and 204 have no body, HEAD tells the length`() async throws {
        let answer = try await RawConversation.with(handler: { request in
            request.path == "/none" ? Response(.noContent, body: .bytes([1])) : await Self.echoPath(request)
        }) {
            try await $0.say(
                "HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\nGET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        }
        #expect(answer.contains("Content-Length: 4\r\n\r\nHTTP/1.1 204 No Content"))
        #expect(answer.hasSuffix("Connection: close\r\n\r\n"))
        #expect(answer.components("Content-Length").count == 2)
    }

    @Test func `a streamed answer comes in chunks, to an old client until the end of the connection`() async throws {
        let stream: Handler = { _ in
            Response(
                .ok,
                body: .stream { writer in
                    try await writer.write(Array("one".utf8))
                    try await EventLoop.current?.sleep(.milliseconds(1))
                    try await writer.write(Array("two".utf8))
                })
        }
        let answers = try await RawConversation.with(handler: stream) { conversation in
            [
                try await conversation.say("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
                try await conversation.say("GET / HTTP/1.0\r\n\r\n"),
            ]
        }
        #expect(answers[0].hasSuffix("\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"))
        #expect(answers[1].hasSuffix("Connection: close\r\n\r\nonetwo"))
    }

    @Test func `handlers cannot split an answer or reframe it`() async throws {
        let answer = try await RawConversation.with(handler: { _ in
            var headers = Headers()
            let taken = [
                headers.add("X-A", "a\r\nX-B: b"), headers.add("X C", "c"), headers.add("Content-Length", "99"),
                headers.add("transfer-encoding", "chunked"), headers.add("X-Ok", "fine"),
            ]
            return Response(.ok, headers: headers, body: .bytes(Array("\(taken)".utf8)))
        }) { try await $0.say("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") }
        #expect(
            answer.hasSuffix(
                "X-Ok: fine\r\nContent-Length: 34\r\nConnection: close\r\n\r\n[false, false, false, false, true]"))
    }
}

extension String {
    fileprivate func components(_ separator: String) -> [String] {
        var parts: [String] = [""]
        for line in split(separator: "\r\n") {
            if line.hasPrefix(separator) { parts.append("") }
            parts[parts.count - 1] += line
        }
        return parts
    }
}
