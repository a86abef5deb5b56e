import HTTP
import Lifecycle
import Net
import Testing

/// Requests of which something has to be heard before they may be sent.
@Suite struct FastPathWaitingTests {
    private static let echo: FastPathWorld.Script = { target, stream in
        await stream.answer(target)
        return true
    }

    private static func text(_ answer: FastPathWorld.Answer) -> String { String(decoding: answer.body, as: UTF8.self) }

    @Test func `what has to be heard first is carried all the same`() async throws {
        try await FastPathWorld.with(Self.echo) { world in
            _ = try await world.ask("/warm")
            for number in 0..<5 {
                let answer = try await world.ask("/asked/\(number)")
                #expect(answer.path == "fast" && Self.text(answer) == "/asked/\(number)")
            }
            #expect(world.log.asked.withLock { $0 } == 5)
            #expect(world.log.opened.withLock { $0 } == 1)
        }
    }

    @Test func `with no connection to carry it over it is the task's`() async throws {
        try await FastPathWorld.with(Self.echo) { world in
            let answer = try await world.ask("/asked/first")
            #expect(answer.path == "task" && Self.text(answer) == "/asked/first")
            #expect(try await world.ask("/asked/second").path == "fast")
            #expect(world.log.targets.withLock { $0 } == ["/asked/first", "/asked/second"])
        }
    }

    @Test func `pipelined, among those that need not be heard of, each is answered in its turn`() async throws {
        try await FastPathWorld.with(Self.echo) { world in
            _ = try await world.ask("/warm")
            let targets = (0..<20).map { $0 % 3 == 1 ? "/plain/\($0)" : "/asked/\($0)" }
            let stream = try await world.connect()
            defer { stream.close() }
            await stream.say(targets.map { FastPathWorld.get($0, closes: $0 == "/plain/19") }.joined())
            let said = try await RawConversation.rest(stream)
            let bodies = said.split(separator: "HTTP/1.1 200 OK").compactMap {
                $0.split(separator: "\r\n").last.map(String.init)
            }
            #expect(bodies == targets)
            #expect(said.split(separator: "X-Path: fast").count == 21)
            #expect(world.log.targets.withLock { $0 } == ["/warm"] + targets)
            #expect(world.log.opened.withLock { $0 } == 1)
        }
    }

    @Test func `what comes while something is heard waits its turn`() async throws {
        try await FastPathWorld.with(Self.echo) { world in
            _ = try await world.ask("/warm")
            let stream = try await world.connect()
            defer { stream.close() }
            await stream.say(FastPathWorld.get("/asked/held/1"))
            try await world.until { world.log.asked.withLock { $0 } == 1 }
            let next = FastPathWorld.get("/asked/2") + FastPathWorld.get("/3", closes: true)
            await stream.say(next, cut: 30)
            // The server has read it before this is answered: one loop serves both.
            _ = try await world.ask("/beside")
            world.log.verdict.fire()
            let said = try await RawConversation.rest(stream)
            #expect(said.statuses == ["200", "200", "200"] && said.hasSuffix("\r\n\r\n/3"))
            #expect(said.split(separator: "X-Path: fast").count == 4)
            #expect(world.log.targets.withLock { $0 } == ["/warm", "/beside", "/asked/held/1", "/asked/2", "/3"])
        }
    }

    @Test func `a server that stops while something is heard answers it, and says that it was the last`() async throws {
        try await FastPathWorld.with(Self.echo) { world in
            _ = try await world.ask("/warm")
            let stream = try await world.connect()
            defer { stream.close() }
            await stream.say(FastPathWorld.get("/asked/held"))
            try await world.until { world.log.asked.withLock { $0 } == 1 }
            let hasStopped = Latch()
            stream.loop.spawn("stop") {
                await world.server.stop()
                hasStopped.fire()
            }
            // The idle connection is gone: the stop has begun.
            try await world.until { world.server.connections <= 1 }
            world.log.verdict.fire()
            let said = try await RawConversation.rest(stream)
            #expect(said.statuses == ["200"] && said.hasSuffix("\r\n\r\n/asked/held"))
            #expect(said.contains("Connection: close\r\n") && said.contains("X-Path: fast"))
            await hasStopped.wait()
        }
    }
}
