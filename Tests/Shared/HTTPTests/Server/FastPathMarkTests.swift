import HTTP
import Lifecycle
import Net
import Testing

/// Answers about as long as what a stream reads before it pauses, and what may hide behind that mark.
@Suite struct FastPathMarkTests {
    private static let script: FastPathWorld.Script = { target, stream in
        if let total = Int(target.dropFirst()) {
            await stream.answer(total: total)
        } else {
            await stream.answer(target)
        }
        return true
    }

    private static func text(_ answer: FastPathWorld.Answer) -> String { String(decoding: answer.body, as: UTF8.self) }

    @Test(arguments: [(65_535, "fast"), (65_536, "fast"), (65_537, "task"), (131_072, "task"), (131_073, "task")])
    func `an answer that ends about the mark leaves everything usable`(_ total: Int, _ path: String) async throws {
        try await FastPathWorld.with(timeout: .seconds(20), Self.script) { world in
            let (begin, body) = (MonotonicTime.now, FastPathWorld.body(ofTotal: total))
            for round in 0..<4 {
                _ = try await world.ask("/warm")
                let answer = try await world.ask("/\(total)")
                #expect(answer.status == 200 && answer.path == path)
                #expect(Self.text(answer) == body)
                // DirectFastPath behind it the first times, over whatever was kept.
                if round < 2 { #expect(Self.text(try await world.ask("/\(total)")) == body) }
                #expect(Self.text(try await world.ask("/next/\(round)")) == "/next/\(round)")
            }
            #expect(begin.duration(to: .now) < .seconds(10))
            #expect(world.log.targets.withLock { $0.count } == 14)
        }
    }

    @Test(arguments: [65_536, 65_535])
    func `what is said behind an answer that ends at the mark is given to nobody`(_ total: Int) async throws {
        let forged = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"
        let body = FastPathWorld.body(ofTotal: total)
        try await FastPathWorld.with({ target, stream in
            if target == "/more" {
                await stream.say("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)\(forged)")
            } else {
                await stream.answer(target)
            }
            return true
        }) { world in
            for round in 1...3 {
                _ = try await world.ask("/warm")
                #expect(Self.text(try await world.ask("/more")) == body)
                #expect(Self.text(try await world.ask("/mine")) == "/mine")
                #expect(world.log.opened.withLock { $0 } == 2 * round)
                // The same when the next request waits behind it already.
                let stream = try await world.connect()
                await stream.say(FastPathWorld.get("/more") + FastPathWorld.get("/mine", closes: true))
                let said = try await RawConversation.rest(stream)
                stream.close()
                #expect(said.statuses == ["200", "200"] && said.hasSuffix("\r\n\r\n/mine"))
                #expect(!said.contains("forged") && said.utf8.count > body.utf8.count)
                #expect(world.log.opened.withLock { $0 } == 2 * round + 1)
            }
        }
    }
}
