import HTTP
import Lifecycle
import Net
import Testing

@Suite struct FastPathTests {
    private static let echo: FastPathWorld.Script = { target, stream in
        await stream.answer(target)
        return true
    }

    private static func text(_ answer: FastPathWorld.Answer) -> String { String(decoding: answer.body, as: UTF8.self) }

    @Test func `a plain request is carried once there is a connection to carry it over`() async throws {
        try await FastPathWorld.with(Self.echo) { world in
            let answers = try await [world.ask("/a"), world.ask("/b?c=d"), world.ask("/e")]
            #expect(answers.map(\.path) == ["task", "fast", "fast"])
            #expect(answers.map { Self.text($0) } == ["/a", "/b?c=d", "/e"])
            #expect(world.log.targets.withLock { $0 } == ["/a", "/b?c=d", "/e"])
            #expect(world.log.opened.withLock { $0 } == 1)
        }
    }

    struct Kind: Sendable, CustomStringConvertible {
        var description: String
        var answer: String
        var method = Method.get
        var status = 200
        var body = ""
        var path = "fast"
        var stays = true
    }

    private static let long = String(repeating: "0123456789abcdef", count: 20_000)
    private static let kinds = [
        Kind(description: "fast", answer: "Content-Length: 5\r\n\r\nhello", body: "hello"),
        Kind(description: "empty", answer: "Content-Length: 0\r\n\r\n"),
        Kind(
            description: "just below the mark", answer: "Content-Length: 64000\r\n\r\n\(long.prefix(64_000))",
            body: String(long.prefix(64_000))),
        Kind(
            description: "long", answer: "Content-Length: \(long.utf8.count)\r\n\r\n\(long)", body: long, path: "task"),
        Kind(
            description: "chunked", answer: "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
            body: "abcde", path: "task"),
        Kind(description: "until the end", answer: "\r\nthe rest", body: "the rest", path: "task", stays: false),
        Kind(
            description: "said to close", answer: "Content-Length: 2\r\nConnection: close\r\n\r\nok", body: "ok",
            stays: false),
        Kind(description: "HEAD", answer: "Content-Length: 5\r\n\r\n", method: .head, path: "task"),
        Kind(description: "304", answer: "304 Not Modified\r\nETag: \"a\"\r\n\r\n", status: 304),
        Kind(description: "304 with a length", answer: "304 Not Modified\r\nContent-Length: 9\r\n\r\n", status: 304),
        Kind(description: "204", answer: "204 No Content\r\n\r\n", status: 204),
        Kind(description: "404", answer: "404 Not Found\r\nContent-Length: 4\r\n\r\nnone", status: 404, body: "none"),
        Kind(
            description: "500", answer: "500 Oh\r\nContent-Length: 4\r\n\r\noops", status: 500, body: "oops",
            path: "task"),
        Kind(
            description: "interim",
            answer: "103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
            body: "ok"),
    ]

    @Test(arguments: kinds)
    func `whatever comes as an answer arrives as that, and the next answer is the next one's`(_ kind: Kind) async throws
    {
        try await FastPathWorld.with({ target, stream in
            guard target == "/kind" else { return await Self.echo(target, stream) }
            let line = kind.answer.first?.isNumber == true ? "HTTP/1.1 " : "HTTP/1.1 200 OK\r\n"
            await stream.say(line + kind.answer)
            return kind.stays
        }) { world in
            for round in 0..<3 {
                #expect(Self.text(try await world.ask("/before/\(round)")) == "/before/\(round)")
                let answer = try await world.ask("/kind", kind.method)
                #expect(answer.status == kind.status && Self.text(answer) == kind.body && answer.path == kind.path)
                #expect(Self.text(try await world.ask("/after/\(round)")) == "/after/\(round)")
            }
        }
    }

    @Test func `a request cut at any byte is carried as if it had come whole`() async throws {
        try await FastPathWorld.with(Self.echo) { world in
            _ = try await world.ask("/warm")
            let text = FastPathWorld.get("/cut", closes: true)
            for cut in 1..<text.utf8.count {
                let stream = try await world.connect()
                await stream.say(text, cut: cut)
                let answer = try await RawConversation.rest(stream)
                #expect(answer.hasSuffix("\r\n\r\n/cut") && answer.contains("X-Path: fast"), "cut at \(cut)")
                stream.close()
            }
        }
    }

    @Test func `an answer cut at any byte is carried as if it had come whole`() async throws {
        try await FastPathWorld.with({ target, stream in
            await stream.answer("body of \(target)", cut: Int(target.dropFirst()) ?? 0)
            return true
        }) { world in
            for cut in 0..<58 {
                let answer = try await world.ask("/\(cut)")
                #expect(Self.text(answer) == "body of /\(cut)", "cut at \(cut)")
                #expect(answer.path == (cut == 0 ? "task" : "fast"))
            }
            #expect(world.log.opened.withLock { $0 } == 1)
        }
    }

    @Test func `pipelined requests are carried in their order, one at a time`() async throws {
        let underWay = Locked(0)
        try await FastPathWorld.with({ target, stream in
            let others = underWay.withLock { count in
                count += 1
                return count - 1
            }
            #expect(others == 0)
            try? await stream.loop.sleep(.milliseconds(target == "/0" ? 10 : 1))
            underWay.withLock { $0 -= 1 }
            return await Self.echo(target, stream)
        }) { world in
            _ = try await world.ask("/warm")
            let stream = try await world.connect()
            defer { stream.close() }
            let all = (0..<20).map { FastPathWorld.get("/\($0)", closes: $0 == 19) }
            await stream.say(all.joined())
            let answer = try await RawConversation.rest(stream)
            let bodies = answer.split(separator: "HTTP/1.1 200 OK").compactMap {
                $0.split(separator: "\r\n").last.map(String.init)
            }
            #expect(bodies == (0..<20).map { "/\($0)" })
            #expect(world.log.opened.withLock { $0 } == 1)
        }
    }

    @Test func `a bad head behind a good one is refused, whatever follows it`() async throws {
        try await FastPathWorld.with(Self.echo) { world in
            _ = try await world.ask("/warm")
            for bad in ["GET /b HTTP/1.1\r\nHost : a\r\n\r\n", "GET /b HTTP/1.1\r\nHost: a\r\nA b: c\r\n\r\n"] {
                let stream = try await world.connect()
                await stream.say(FastPathWorld.get("/a") + bad + FastPathWorld.get("/never"))
                let answer = try await RawConversation.rest(stream)
                #expect(answer.statuses == ["200", "400"])
                stream.close()
            }
            #expect(world.log.targets.withLock { $0 } == ["/warm", "/a", "/a"])
        }
    }
}
