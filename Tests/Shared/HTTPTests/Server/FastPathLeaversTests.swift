import HTTP
import Lifecycle
import Net
import Testing

/// Clients that leave before anything was sent for them: nothing of them stays.
@Suite struct FastPathLeaversTests {
    private static let echo: FastPathWorld.Script = { target, stream in
        await stream.answer(target)
        return true
    }

    enum Leaving: CaseIterable { case closes, resets, endsItsHalf }

    private static func leave(_ stream: ByteStream, _ leaving: Leaving) {
        switch leaving {
        case .closes, .resets: stream.close()
        case .endsItsHalf: stream.finish()
        }
    }

    private static var patient: HTTPLimits {
        var limits = HTTPLimits.quick
        limits.drain = .seconds(60)
        return limits
    }

    private static func connect(_ world: FastPathWorld, _ leaving: Leaving) async throws -> ByteStream {
        leaving == .resets ? try world.connectResetting() : try await world.connect()
    }

    @Test(arguments: Leaving.allCases, [true, false])
    func `who leaves while something is heard of his request is let go`(_ leaving: Leaving, _ isHeld: Bool) async throws
    {
        try await FastPathWorld.with(limits: Self.patient, Self.echo) { world in
            _ = try await world.ask("/warm")
            let stream = try await Self.connect(world, leaving)
            let target = isHeld ? "/asked/held" : "/asked/soon"
            await stream.say(FastPathWorld.get(target))
            try await world.until { world.log.asked.withLock { $0 } == 1 }
            let path = try #require(world.log.fastPaths.withLock { $0.last })
            #expect(!path.isFreed)
            Self.leave(stream, leaving)
            // The server has seen it before this is answered: one loop serves both.
            _ = try await world.ask("/beside")
            world.log.verdict.fire()
            if leaving == .endsItsHalf {
                let said = try await RawConversation.rest(stream)
                #expect(said.statuses == ["200"] && said.hasSuffix("\r\n\r\n\(target)"))
                stream.close()
            }
            try await world.until { path.isFreed }
            #expect(world.log.targets.withLock { $0.count { $0 == target } } <= 1)
            let next = try await world.ask("/next")
            #expect(String(decoding: next.body, as: UTF8.self) == "/next")
            #expect(await world.stopping() < .seconds(20))
        }
    }

    @Test(arguments: [false, true])
    func `who resets his connection before it was looked at is let go`(_ hasAsked: Bool) async throws {
        try await FastPathWorld.with(limits: Self.patient, Self.echo) { world in
            _ = try await world.ask("/warm")
            for count in 2..<12 {
                let stream = try world.connectResetting()
                if hasAsked { await stream.say(FastPathWorld.get("/never/\(count)")) }
                stream.close()
                // Accepted before this one: they come in their order.
                let other = try await world.connect()
                await other.say(FastPathWorld.get("/after", closes: true))
                #expect(try await RawConversation.rest(other).hasSuffix("\r\n\r\n/after"))
                other.close()
            }
            world.client.closeIdle()
            try await world.until { world.log.fastPaths.withLock { $0.allSatisfy(\.isFreed) } }
            try await world.until { world.server.connections == 0 }
            #expect(await world.stopping() < .seconds(20))
        }
    }

    @Test func `connections that were served are let go`() async throws {
        try await FastPathWorld.with(limits: Self.patient, Self.echo) { world in
            _ = try await world.ask("/warm")
            for target in ["/asked/1", "/plain", "/asked/2"] {
                let stream = try await world.connect()
                await stream.say(FastPathWorld.get(target))
                #expect(try await RawConversation.read(stream, until: "\r\n\r\n\(target)").statuses == ["200"])
                stream.close()
            }
            world.client.closeIdle()
            try await world.until { world.log.fastPaths.withLock { $0.count == 4 && $0.allSatisfy(\.isFreed) } }
        }
    }
}
