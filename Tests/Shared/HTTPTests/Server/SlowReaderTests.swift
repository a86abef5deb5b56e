import HTTP
import Lifecycle
import Net
import Testing

/// Clients that take their answers late, when the last was asked for and the server may be stopping.
@Suite struct SlowReaderTests {
    private static let filling = FastPathWorld.body(65_000)
    private static let long: FastPathWorld.Script = { target, stream in
        await stream.answer(target == "/warm" ? target : target + filling)
        return true
    }

    /// Sends requests of which the last says to close, and reads nothing yet.
    private static func askAndHold(_ world: FastPathWorld, _ name: String, _ count: Int) async throws -> ByteStream {
        let stream = try await world.connect()
        stream.pauseReading()
        await stream.say(
            (1...count).map { FastPathWorld.get("/\(name)/\($0)", closes: $0 == count) }.joined())
        return stream
    }

    /// Waits until the server asks for nothing more of what was pipelined under that name; how many it asked for.
    private static func untilFull(_ world: FastPathWorld, _ name: String) async throws -> Int {
        var (count, since) = (0, MonotonicTime.now)
        while count == 0 || since.duration(to: .now) < .milliseconds(100) {
            try await world.group.loops[0].sleep(.milliseconds(5))
            let now = world.log.targets.withLock { $0.count { $0.hasPrefix("/\(name)/") } }
            if now != count { (count, since) = (now, .now) }
        }
        return count
    }

    /// About where the system takes no more for a client that does not read, so that the last answer is carried while
    /// some of those before are still to be sent.
    @Test func `a slow reader gets all of it, though the last answer was carried`() async throws {
        try await FastPathWorld.with(timeout: .seconds(20), Self.long) { world in
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
            try await world.group.loops[0].sleep(.milliseconds(2_500))
            for (count, stream) in slow {
                let bodies = try await RawConversation.bodies(stream)
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
        try await FastPathWorld.with(limits: limits, timeout: .seconds(20), Self.long) { world in
            _ = try await world.ask("/warm")
            let stream = try await Self.askAndHold(world, "slow", 300)
            let asked = try await Self.untilFull(world, "slow")
            #expect(asked < 300)
            let hasStopped = Latch()
            let took = Locked(Duration.seconds(1_000))
            let begun = Latch()
            stream.loop.spawn("stop") {
                begun.fire()
                let duration = await world.stopping()
                took.withLock { $0 = duration }
                hasStopped.fire()
            }
            await begun.wait()
            let bodies = try await RawConversation.bodies(stream)
            stream.close()
            await hasStopped.wait()
            #expect(took.withLock { $0 } < .seconds(40))
            let areWhole = bodies == (1...asked).map { "/slow/\($0)\(Self.filling)" }
            #expect(areWhole, "\(bodies.count) of \(asked)")
            #expect(world.log.targets.withLock { $0.count } == asked + 1)
        }
    }
}
