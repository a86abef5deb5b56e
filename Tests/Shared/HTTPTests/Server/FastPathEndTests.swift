import HTTP
import Lifecycle
import Net
import Testing

/// How connections end on the fast path: with their last answer, and never before it was taken.
@Suite struct FastPathEndTests {
    private static let echo: FastPathWorld.Script = { target, stream in
        await stream.answer(target)
        return true
    }

    @Test func `an end that comes with the last bytes is the connection's, not the next request's`() async throws {
        try await FastPathWorld.with({ target, stream in
            await stream.answer(target)
            return !target.hasPrefix("/last")
        }) { world in
            for round in 1...5 {
                _ = try await world.ask("/warm")
                let answer = try await world.ask("/last/\(round)")
                #expect(answer.path == "fast" && String(decoding: answer.body, as: UTF8.self) == "/last/\(round)")
                let next = try await world.ask("/next")
                #expect(next.path == "task" && String(decoding: next.body, as: UTF8.self) == "/next")
                #expect(world.log.opened.withLock { $0 } == round + 1)
            }
            // Each was asked once: nothing was sent over a connection that had ended.
            #expect(world.log.targets.withLock { $0.count } == 15)
        }
    }

    @Test func `a body between two plain requests is nobody's head`() async throws {
        try await FastPathWorld.with(Self.echo) { world in
            _ = try await world.ask("/warm")
            let forged = FastPathWorld.get("/forged")
            let stream = try await world.connect()
            defer { stream.close() }
            await stream.say(
                FastPathWorld.get("/a")
                    + "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: \(forged.utf8.count)\r\n\r\n\(forged)"
                    + FastPathWorld.get("/c", closes: true))
            #expect(try await RawConversation.bodies(stream) == ["/a", "/b", "/c"])
            #expect(world.log.targets.withLock { $0 } == ["/warm", "/a", "/b", "/c"])
        }
    }

    @Test(arguments: ["/", "/asked/"])
    func `the last request a connection may bring is told so, and none after it is sent`(_ path: String) async throws {
        var limits = HTTPLimits.quick
        limits.keepAliveRequests = 3
        try await FastPathWorld.with(limits: limits, Self.echo) { world in
            _ = try await world.ask("/warm")
            let stream = try await world.connect()
            defer { stream.close() }
            await stream.say((1...4).map { FastPathWorld.get("\(path)\($0)") }.joined())
            let said = try await RawConversation.rest(stream)
            #expect(said.statuses == ["200", "200", "200"] && said.hasSuffix("\r\n\r\n\(path)3"))
            #expect(said.split(separator: "X-Path: fast").count == 4)
            let answers = said.split(separator: "HTTP/1.1 200 OK\r\n")
            #expect(answers.map { $0.contains("Connection: close\r\n") } == [false, false, true])
            #expect(world.log.targets.withLock { $0 } == ["/warm"] + (1...3).map { "\(path)\($0)" })
        }
    }
}
