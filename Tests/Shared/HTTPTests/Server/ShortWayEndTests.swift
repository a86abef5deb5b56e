import HTTP
import Lifecycle
import Net
import Testing

/// How connections end on the short way: with their last answer, and never before it was taken.
@Suite struct ShortWayEndTests {
    private static let echo: ShortWayWorld.Script = { target, stream in
        await stream.answer(target)
        return true
    }

    private static let filling = ShortWayWorld.body(65_000)
    private static let long: ShortWayWorld.Script = { target, stream in
        await stream.answer(target == "/warm" ? target : target + filling)
        return true
    }

    /// What the server said on a connection until it ended it, cut into bodies where their lengths say; what is not there is missing.
    private static func bodies(_ stream: ByteStream) async throws -> [String] {
        let said = Array(try await RawConversation.rest(stream).utf8)
        var bodies: [String] = []
        var place = 0
        while place < said.count {
            let head = String(decoding: said[place..<min(place + 400, said.count)], as: UTF8.self)
                .split(separator: "\r\n\r\n", maxSplits: 1)[0]
            let length = head.split(separator: "Content-Length: ").last?.prefix { $0.isNumber }
            let begin = place + head.utf8.count + 4
            let end = begin + (length.flatMap { Int($0) } ?? 0)
            bodies.append(String(decoding: said[min(begin, said.count)..<min(end, said.count)], as: UTF8.self))
            place = end
        }
        return bodies
    }

    /// Sends requests of which the last says to close, and reads nothing yet.
    private static func askAndHold(_ world: ShortWayWorld, _ name: String, _ count: Int) async throws -> ByteStream {
        let stream = try await world.connect()
        stream.holdReading()
        await stream.say(
            (1...count).map { ShortWayWorld.get("/\(name)/\($0)", closes: $0 == count) }.joined())
        return stream
    }

    /// Waits until the server asks for nothing more of what was pipelined under that name; how many it asked for.
    private static func untilFull(_ world: ShortWayWorld, _ name: String) async throws -> Int {
        var (count, since) = (0, MonotonicTime.now)
        while count == 0 || since.duration(to: .now) < .milliseconds(100) {
            try await world.group.loops[0].sleep(.milliseconds(5))
            let now = world.log.targets.withLock { $0.count { $0.hasPrefix("/\(name)/") } }
            if now != count { (count, since) = (now, .now) }
        }
        return count
    }

    /// About where the system takes no more for a client that does not read, so that the last answer is carried while some of those
    /// before are still to be sent.
    @Test func `a slow reader gets all of it, though the last answer was carried`() async throws {
        try await ShortWayWorld.with(patience: .seconds(20), Self.long) { world in
            _ = try await world.ask("/warm")
            let probe = try await Self.askAndHold(world, "probe", 300)
            let full = try await Self.untilFull(world, "probe")
            probe.close()
            #expect(full > 4 && full < 300)
            let counts = (full - 3)...(full + 1)
            var slow: [(count: Int, stream: ByteStream)] = []
            for count in counts { slow.append((count, try await Self.askAndHold(world, "n\(count)", count))) }
            for count in counts { _ = try await Self.untilFull(world, "n\(count)") }
            // Longer than a connection lingers that has nothing more to send.
            try await world.group.loops[0].sleep(.milliseconds(1_500))
            for (count, stream) in slow {
                let bodies = try await Self.bodies(stream)
                stream.close()
                #expect(bodies.count == count, "\(count)")
                for (index, body) in bodies.enumerated() {
                    let isWhole = body == "/n\(count)/\(index + 1)\(Self.filling)"
                    #expect(isWhole, "\(index + 1) of \(count)")
                }
            }
        }
    }

    @Test func `a stop ends a slow reader's connection once its answers were taken`() async throws {
        var limits = HTTPLimits.quick
        limits.drain = .seconds(60)
        try await ShortWayWorld.with(limits: limits, patience: .seconds(20), Self.long) { world in
            _ = try await world.ask("/warm")
            let stream = try await Self.askAndHold(world, "slow", 300)
            let asked = try await Self.untilFull(world, "slow")
            #expect(asked < 300)
            let hasStopped = Once()
            let took = Locked(Duration.seconds(1_000))
            let begun = Once()
            stream.loop.spawn("stop") {
                begun.fire()
                let duration = await world.stopping()
                took.withLock { $0 = duration }
                hasStopped.fire()
            }
            await begun.wait()
            let bodies = try await Self.bodies(stream)
            stream.close()
            await hasStopped.wait()
            #expect(took.withLock { $0 } < .seconds(20))
            let areWhole = bodies == (1...asked).map { "/slow/\($0)\(Self.filling)" }
            #expect(areWhole, "\(bodies.count) of \(asked)")
            #expect(world.log.targets.withLock { $0.count } == asked + 1)
        }
    }

    @Test func `an end that comes with the last bytes is the connection's, not the next request's`() async throws {
        try await ShortWayWorld.with({ target, stream in
            await stream.answer(target)
            return !target.hasPrefix("/last")
        }) { world in
            for round in 1...5 {
                _ = try await world.ask("/warm")
                let answer = try await world.ask("/last/\(round)")
                #expect(answer.way == "short" && String(decoding: answer.body, as: UTF8.self) == "/last/\(round)")
                let next = try await world.ask("/next")
                #expect(next.way == "task" && String(decoding: next.body, as: UTF8.self) == "/next")
                #expect(world.log.opened.withLock { $0 } == round + 1)
            }
            // Each was asked once: nothing was sent over a connection that had ended.
            #expect(world.log.targets.withLock { $0.count } == 15)
        }
    }

    @Test func `a body between two plain requests is nobody's head`() async throws {
        try await ShortWayWorld.with(Self.echo) { world in
            _ = try await world.ask("/warm")
            let forged = ShortWayWorld.get("/forged")
            let stream = try await world.connect()
            defer { stream.close() }
            await stream.say(
                ShortWayWorld.get("/a")
                    + "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: \(forged.utf8.count)\r\n\r\n\(forged)"
                    + ShortWayWorld.get("/c", closes: true))
            #expect(try await Self.bodies(stream) == ["/a", "/b", "/c"])
            #expect(world.log.targets.withLock { $0 } == ["/warm", "/a", "/b", "/c"])
        }
    }

    @Test(arguments: ["/", "/asked/"])
    func `the last request a connection may bring is told so, and none after it is sent`(_ path: String) async throws {
        var limits = HTTPLimits.quick
        limits.keepAliveRequests = 3
        try await ShortWayWorld.with(limits: limits, Self.echo) { world in
            _ = try await world.ask("/warm")
            let stream = try await world.connect()
            defer { stream.close() }
            await stream.say((1...4).map { ShortWayWorld.get("\(path)\($0)") }.joined())
            let said = try await RawConversation.rest(stream)
            #expect(said.statuses == ["200", "200", "200"] && said.hasSuffix("\r\n\r\n\(path)3"))
            #expect(said.split(separator: "X-Way: short").count == 4)
            let answers = said.split(separator: "HTTP/1.1 200 OK\r\n")
            #expect(answers.map { $0.contains("Connection: close\r\n") } == [false, false, true])
            #expect(world.log.targets.withLock { $0 } == ["/warm"] + (1...3).map { "\(path)\($0)" })
        }
    }
}
