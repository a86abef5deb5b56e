import HTTP
import Lifecycle
import Net
import Testing

@Suite struct HTTPServerTimeTests {
    private static let ok: Handler = { _ in Response(.ok, body: .bytes([0x6F, 0x6B])) }

    private static func limits(_ change: (inout HTTPLimits) -> Void) -> HTTPLimits {
        var limits = HTTPLimits.quick
        change(&limits)
        return limits
    }

    @Test func `a head that does not end is answered 408 and closed, however busily it comes`() async throws {
        let limits = Self.limits { $0.headTime = .milliseconds(40) }
        let answer = try await RawConversation.with(limits: limits, handler: Self.ok) { conversation in
            let stream = try await conversation.connect()
            stream.output.append(contentsOf: "GET / HTTP/1.1\r\nHost: x\r\n".utf8)
            stream.loop.spawn("drip") {
                while stream.isOpen, (try? await stream.loop.sleep(.milliseconds(5))) != nil {
                    stream.output.append(contentsOf: "A: b\r\n".utf8)
                    stream.flush()
                }
            }
            let answer = try await RawConversation.rest(stream)
            stream.close()
            return answer
        }
        #expect(answer.statuses == ["408"])
    }

    @Test func `a body that stalls or trickles is answered 408`() async throws {
        let limits = Self.limits { limits in
            limits.bodyIdle = .milliseconds(60)
            limits.bodyRate = 1_000_000
        }
        let handler: Handler = { request in
            _ = try? await request.body.collect()
            return Response(.ok)
        }
        let answers = try await RawConversation.with(limits: limits, handler: handler) { conversation in
            let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
            let stalled = try await conversation.say(head + "abc")
            let stream = try await conversation.connect()
            stream.output.append(contentsOf: head.utf8)
            stream.loop.spawn("drip") {
                while stream.isOpen, (try? await stream.loop.sleep(.milliseconds(10))) != nil {
                    stream.output.append(0x61)
                    stream.flush()
                }
            }
            let trickled = try await RawConversation.rest(stream)
            stream.close()
            return [stalled.statuses, trickled.statuses]
        }
        #expect(answers == [["408"], ["408"]])
    }

    @Test func `an idle connection is closed without a word`() async throws {
        let limits = Self.limits { $0.keepAliveIdle = .milliseconds(20) }
        let answer = try await RawConversation.with(limits: limits, handler: Self.ok) {
            try await $0.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        }
        #expect(answer.statuses == ["200"])
        #expect(!answer.contains("Connection: close"))
    }

    @Test func `a connection ends after its last allowed request`() async throws {
        let limits = Self.limits { $0.keepAliveRequests = 3 }
        let answer = try await RawConversation.with(limits: limits, handler: Self.ok) {
            try await $0.say(String(repeating: "GET / HTTP/1.1\r\nHost: x\r\n\r\n", count: 5))
        }
        #expect(answer.statuses == ["200", "200", "200"])
        #expect(answer.hasSuffix("Connection: close\r\n\r\nok"))
    }

    @Test(arguments: [true, false])
    func `a client that leaves cancels its handler`(_ afterHalfClose: Bool) async throws {
        let limits = Self.limits { $0.halfCloseGrace = afterHalfClose ? .milliseconds(10) : .zero }
        let started = Latch()
        let outcome = Locked<String?>(nil)
        let ended = Latch()
        try await RawConversation.with(
            limits: limits,
            handler: { _ in
                started.fire()
                do {
                    try await EventLoop.current?.sleep(.seconds(60))
                    outcome.withLock { $0 = "slept" }
                } catch {
                    outcome.withLock { $0 = "cancelled" }
                }
                ended.fire()
                return Response(.ok)
            }
        ) { conversation in
            let stream = try await conversation.connect()
            stream.output.append(contentsOf: "GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
            stream.flush()
            await started.wait()
            afterHalfClose ? stream.finish() : stream.close()
            await ended.wait()
            stream.close()
        }
        #expect(outcome.withLock { $0 } == "cancelled")
    }

    @Test func `a client that closes its half and waits is still answered`() async throws {
        let answer = try await RawConversation.with(handler: { _ in
            try? await EventLoop.current?.sleep(.milliseconds(10))
            return Response(.ok, body: .bytes(Array("waited".utf8)))
        }) { conversation in
            let stream = try await conversation.connect()
            stream.output.append(contentsOf: "GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
            stream.finish()
            let answer = try await RawConversation.rest(stream)
            stream.close()
            return answer
        }
        #expect(answer.hasSuffix("waited"))
    }

    @Test func `a server that stops answers what it has begun and closes what is idle`() async throws {
        let group = EventLoopGroup(count: 2)
        let (begun, released) = (Latch(), Latch())
        let server = HTTPServer(.loopback(), group: group, limits: .quick) { request in
            if request.path == "/slow" {
                begun.fire()
                await released.wait()
            }
            return Response(.ok, body: .bytes(Array("done".utf8)))
        }
        try await server.start()
        let address = try #require(server.address)
        let answers = try await group.run {
            let conversation = RawConversation(group: group, server: server, address: address)
            let idle = try await conversation.connect()
            idle.output.append(contentsOf: "GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
            _ = try await RawConversation.read(idle, until: "done")
            async let slow = conversation.say("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
            await begun.wait()
            async let stop: Void = server.stop()
            let idleRest = try await RawConversation.rest(idle)
            await #expect(throws: (any Error).self) { _ = try await conversation.connect() }
            released.fire()
            await stop
            return [try await slow, idleRest]
        }
        #expect(answers[0].hasSuffix("Connection: close\r\n\r\ndone"))
        #expect(answers[1] == "")
        #expect(server.connections == 0)
        group.shutDown()
    }

    @Test func `a request on its path when the stop comes is answered, and told it was the last`() async throws {
        let group = EventLoopGroup(count: 1)
        let server = HTTPServer(.loopback(), group: group, limits: .quick) { _ in
            Response(.ok, body: .bytes(Array("done".utf8)))
        }
        try await server.start()
        let address = try #require(server.address)
        let rest = try await group.run {
            let conversation = RawConversation(group: group, server: server, address: address)
            let kept = try await conversation.connect()
            let request = Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
            kept.output.append(contentsOf: request)
            _ = try await RawConversation.read(kept, until: "done")
            async let stop: Void = server.stop()
            try await kept.loop.sleep(.milliseconds(10))
            kept.output.append(contentsOf: request)
            let rest = try await RawConversation.rest(kept)
            await stop
            return rest
        }
        #expect(rest.hasSuffix("Connection: close\r\n\r\ndone"))
        group.shutDown()
    }
}
