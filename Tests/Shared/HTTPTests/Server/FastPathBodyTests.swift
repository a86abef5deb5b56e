import HTTP
import Lifecycle
import Net
import Testing

/// Requests with a body on the fast path.
@Suite struct FastPathBodyTests {
    private static let echo: FastPathWorld.Script = { target, stream in
        await stream.answer(target)
        return true
    }

    @Test(arguments: [Method.post, .put, .patch, .delete])
    func `a write is carried with its body`(_ method: Method) async throws {
        try await FastPathWorld.with(Self.echo) { world in
            _ = try await world.ask("/warm")
            let bodies = ["", "a", String(repeating: "0123456789", count: 2_000)]
            for (index, body) in bodies.enumerated() {
                let answer = try await world.ask("/\(index)", method, body: body)
                #expect(answer.status == 200 && answer.path == "fast")
                #expect(String(decoding: answer.body, as: UTF8.self) == "/\(index)")
            }
            #expect(try await world.ask("/after").path == "fast")
            #expect(world.log.bodies.withLock { $0 } == [""] + bodies + [""])
            #expect(world.log.opened.withLock { $0 } == 1)
        }
    }

    /// What of a body is still to come when its head is there, a task waits for.
    @Test func `a write cut at any byte reaches its owner whole, once`() async throws {
        try await FastPathWorld.with(Self.echo) { world in
            _ = try await world.ask("/warm")
            let body = "the body of it"
            let text = FastPathWorld.write(.post, "/cut", body, closes: true)
            let head = text.utf8.count - body.utf8.count
            for cut in 1..<text.utf8.count {
                let stream = try await world.connect()
                await stream.say(text, cut: cut)
                let answer = try await RawConversation.rest(stream)
                #expect(answer.hasSuffix("\r\n\r\n/cut"), "cut at \(cut)")
                #expect(answer.contains(cut < head ? "X-Path: fast" : "X-Path: task"), "cut at \(cut)")
                stream.close()
            }
            let seen = world.log.bodies.withLock { $0 }
            #expect(seen == [""] + Array(repeating: body, count: text.utf8.count - 1))
        }
    }

    @Test func `a body that comes while something is asked is carried too`() async throws {
        try await FastPathWorld.with(Self.echo) { world in
            _ = try await world.ask("/warm")
            let text = FastPathWorld.write(.post, "/asked/held", "0123456789", closes: true)
            let stream = try await world.connect()
            stream.output.append(contentsOf: text.utf8.dropLast(5))
            stream.flush()
            try await world.until { world.log.asked.withLock { $0 } == 1 }
            stream.output.append(contentsOf: text.utf8.suffix(5))
            stream.flush()
            try await stream.loop.sleep(.milliseconds(5))
            world.log.verdict.fire()
            let answer = try await RawConversation.rest(stream)
            #expect(answer.contains("X-Path: fast") && answer.hasSuffix("/asked/held"))
            #expect(world.log.bodies.withLock { $0 } == ["", "0123456789"])
            stream.close()
        }
    }

    @Test func `pipelined writes are carried in their order, each with its own body`() async throws {
        try await FastPathWorld.with(Self.echo) { world in
            _ = try await world.ask("/warm")
            let stream = try await world.connect()
            let all = (0..<20).map { FastPathWorld.write(.post, "/\($0)", "body \($0)", closes: $0 == 19) }
            await stream.say(all.joined())
            let answer = try await RawConversation.rest(stream)
            #expect(answer.statuses == Array(repeating: "200", count: 20))
            #expect(world.log.bodies.withLock { $0 } == [""] + (0..<20).map { "body \($0)" })
            stream.close()
        }
    }

    /// Whether its owner did it, nobody knows: only what may be done twice is sent again.
    @Test(arguments: [Method.post, .patch, .put, .delete])
    func `over a kept connection that dies a write is sent again only if it may be`(_ method: Method) async throws {
        let asked = Locked(0)
        try await FastPathWorld.with({ target, stream in
            let count = asked.withLock { count in
                count += 1
                return count
            }
            guard count != 2 else { return false }
            return await Self.echo(target, stream)
        }) { world in
            _ = try await world.ask("/warm")
            let answer = try await world.ask("/write", method, body: "of it")
            let isRepeated = method == .put || method == .delete
            #expect(answer.status == (isRepeated ? 200 : 502) && answer.path == (isRepeated ? "task" : nil))
            #expect(world.log.bodies.withLock { $0 } == ["", "of it"] + (isRepeated ? ["of it"] : []))
        }
    }

    @Test(arguments: [
        "POST /a HTTP/1.0\r\nHost: a\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nok",
        "GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok",
    ])
    func `a body that is no plain one is for the task`(_ text: String) async throws {
        try await FastPathWorld.with(Self.echo) { world in
            _ = try await world.ask("/warm")
            let stream = try await world.connect()
            await stream.say(text + FastPathWorld.get("/next", closes: true))
            let answer = try await RawConversation.rest(stream)
            #expect(answer.contains("X-Path: task") && answer.hasSuffix("/next"))
            stream.close()
        }
    }
}
