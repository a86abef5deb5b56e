import API
import Gateway
import HTTP
import Kernel
import Lifecycle
import Net
import Testing

/// Files, streams and slow answers on their way through the gateway, which obeys what their endpoints declare.
@Suite struct StreamingTests {
    private static let upload = Endpoint(
        .post, "/api/samples", "uploadSample", of: .registry, for: .authenticated, gives: Done.self, says: "",
        summary: "", tag: "Samples", bodyLimit: 100_000_000, within: .seconds(60))
    private static let slow = Endpoint(
        .get, "/api/samples/slow", "slowSample", of: .registry, for: .authenticated, gives: Done.self, says: "",
        summary: "", tag: "Samples", within: .seconds(60))
    private static let usual = Endpoint(
        .get, "/api/samples/usual", "usualSample", of: .registry, for: .authenticated, gives: Done.self,
        says: "", summary: "", tag: "Samples")
    private static let events = Endpoint(
        .get, "/api/samples/events", "sampleEvents", of: .registry, for: .authenticated,
        gives: EventStream<Note>.self, says: "", summary: "", tag: "Samples", within: .unlimited)
    private static let ticketed = Endpoint(
        .get, "/api/samples/ticketed", "sampleTicketed", of: .registry, for: .ticketHolders,
        gives: EventStream<Note>.self, says: "", summary: "", tag: "Samples", rate: .streams, within: .unlimited)

    /// Of 64 KiB each, of the large body.
    private static let parts = 400

    /// A gateway that gives everything without a limit of its own up after a fifth of a second.
    private func withGateway(
        registry: @escaping Handler, _ body: @escaping @Sendable (GatewayFixture) async throws -> Void
    ) async throws {
        try await GatewayFixture.with(
            endpoints: [
                Self.upload.declaration, Self.slow.declaration, Self.usual.declaration, Self.events.declaration,
                Self.ticketed.declaration,
            ], timeout: .milliseconds(200), registry: registry, body)
    }

    private static func open(_ fixture: GatewayFixture, _ target: String) async throws -> IncomingResponse {
        let request = try OutgoingRequest(
            .get, target, headers: ["Authorization": "Bearer \(try fixture.token())"])
        return try await fixture.client.send(request, to: fixture.upstream, deadline: .after(.seconds(30)))
    }

    @Test func `an endpoint with a limit of its own is waited for that long, any other as long as usual`() async throws
    {
        try await withGateway(registry: { _ in
            try? await EventLoop.current?.sleep(.milliseconds(600))
            return Response(.ok)
        }) { fixture in
            let slow = try await Self.open(fixture, "/api/samples/slow")
            let usual = try await Self.open(fixture, "/api/samples/usual")
            #expect(slow.status.code == 200 && usual.status.code == 504)
            let said = fixture.seen.withLock { $0.map { $0.headers["x-praxis-deadline"].flatMap { Int($0) } ?? 0 } }
            #expect(said.contains { $0 > 50_000 } && said.contains { $0 <= 200 })
        }
    }

    @Test func `a large body passes through as it comes, and is not held`() async throws {
        let sent = Locked(0)
        let largestGap = Locked(0)
        let part = [UInt8](repeating: 0x61, count: 65_536)
        try await withGateway(registry: { request in
            var received = 0
            request.body.allow(upTo: 100_000_000)
            do {
                while let bytes = try await request.body.next() {
                    received += bytes.count
                    let gap = sent.withLock { $0 } - received
                    largestGap.withLock { $0 = max($0, gap) }
                }
            } catch { return Response(.badRequest) }
            return Response(.ok, body: .bytes(Array("\(received)".utf8)))
        }) { fixture in
            let size = part.count * Self.parts
            let request = try OutgoingRequest(
                .post, "/api/samples", headers: ["Authorization": "Bearer \(try fixture.token())"],
                body: .stream(length: size) { writer in
                    for _ in 0..<Self.parts {
                        try await writer.write(part)
                        sent.withLock { $0 += part.count }
                    }
                })
            let answer = try await fixture.client.send(
                request, to: fixture.upstream, deadline: .after(.seconds(60)))
            #expect(String(decoding: try await answer.body.collect(upTo: 100), as: UTF8.self) == "\(size)")
            // What the kernel may hold on two connections is far less than the body.
            #expect(largestGap.withLock { $0 } < size / 4 * 3)
        }
    }

    @Test func `a stream goes on beyond the usual time, event by event`() async throws {
        let turns = AsyncStream<Int>.makeStream()
        try await withGateway(registry: { request in
            // Its health is asked after, too.
            guard request.path.hasSuffix("events") else { return Response(.ok) }
            #expect(request.headers["x-praxis-deadline"] == nil)
            return Response(
                .ok,
                body: .stream { writer in
                    writer.flush()
                    for await turn in turns.stream { try await writer.write(Array("data: \(turn)\n\n".utf8)) }
                })
        }) { fixture in
            let answer = try await Self.open(fixture, "/api/samples/events")
            for turn in 1...4 {
                turns.continuation.yield(turn)
                let text = try await answer.body.next().map { String(decoding: $0, as: UTF8.self) }
                #expect(text == "data: \(turn)\n\n")
                try await fixture.group.loops[0].sleep(.milliseconds(100))
            }
            turns.continuation.finish()
            #expect(try await answer.body.next() == nil)
        }
    }

    @Test func `a gateway that stops ends its streams in good order, so that their clients resume elsewhere`()
        async throws
    {
        try await withGateway(registry: { request in
            guard request.path.hasSuffix("events") else { return Response(.ok) }
            return Response(
                .ok,
                body: .stream { writer in
                    try await writer.write(Array("data: 1\n\n".utf8))
                    while true { try await EventLoop.current?.sleep(.seconds(60)) }
                })
        }) { fixture in
            let answer = try await Self.open(fixture, "/api/samples/events")
            #expect(try await answer.body.next() == Array("data: 1\n\n".utf8))
            fixture.streams.drain(within: .milliseconds(10))
            let bye = "event: bye\ndata: {\"reason\":\"shutdown\"}\n\n"
            #expect(String(decoding: try await answer.body.collect(upTo: 1000), as: UTF8.self) == bye)
            // One that is opened all the same ends as soon as it has begun.
            let late = try await Self.open(fixture, "/api/samples/events")
            #expect(String(decoding: try await late.body.collect(upTo: 1000), as: UTF8.self).hasSuffix(bye))
        }
    }

    @Test func `a gateway that stops while an event passes ends the stream behind that event`() async throws {
        let half = Latch()
        try await withGateway(registry: { request in
            guard request.path.hasSuffix("events") else { return Response(.ok) }
            return Response(
                .ok,
                body: .stream { writer in
                    try await writer.write(Array("id: 1\ndata: on".utf8))
                    await half.wait()
                    for part in ["e\n", "\n"] {
                        try await writer.write(Array(part.utf8))
                        writer.flush()
                    }
                    while true { try await EventLoop.current?.sleep(.seconds(60)) }
                })
        }) { fixture in
            let answer = try await Self.open(fixture, "/api/samples/events")
            #expect(try await answer.body.next() == Array("id: 1\ndata: on".utf8))
            fixture.streams.drain(within: .milliseconds(1))
            try await fixture.group.loops[0].sleep(.milliseconds(50))
            half.fire()
            let rest = String(decoding: try await answer.body.collect(upTo: 1000), as: UTF8.self)
            #expect(rest == "e\n\nevent: bye\ndata: {\"reason\":\"shutdown\"}\n\n")
        }
    }

    @Test func `who shows a ticket is let through to its owner, in nobody's name; no ticket makes up for a bad token`()
        async throws
    {
        try await withGateway(registry: { _ in Response(.ok) }) { fixture in
            let path = "/api/samples/ticketed"
            func status(_ target: String, _ headers: Headers = [:]) async throws -> Int {
                let request = try OutgoingRequest(.get, target, headers: headers)
                return try await fixture.client.send(request, to: fixture.upstream, deadline: .after(.seconds(30)))
                    .status.code
            }
            let token = "Bearer \(try fixture.token())"
            let refused = [
                try await status(path), try await status("\(path)?ticket="),
                try await status("\(path)?ticket=x", ["Authorization": "Bearer x"]),
                try await status("/api/samples/events?ticket=x"),
            ]
            #expect(refused == [401, 401, 401, 401])
            #expect(fixture.seen.withLock { $0.isEmpty })
            let admitted = [
                try await status("\(path)?ticket=x"), try await status(path, ["Authorization": token]),
            ]
            #expect(admitted == [200, 200])
            #expect(fixture.seen.withLock { $0.map(\.path) } == [path, path])
        }
    }

    @Test func `streams keep no connections from others`() async throws {
        try await withGateway(registry: { request in
            guard request.path.hasSuffix("events") else { return Response(.ok) }
            return Response(
                .ok,
                body: .stream { writer in
                    try await writer.write(Array(": open\n\n".utf8))
                    while true { try await EventLoop.current?.sleep(.seconds(60)) }
                })
        }) { fixture in
            let more = ClientLimits().connections + 10
            var streams: [ByteStream] = []
            let token = try fixture.token()
            for _ in 0..<more {
                let stream = try await fixture.connect()
                stream.output = Array(
                    "GET /api/samples/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\n\r\n".utf8
                )
                stream.flush()
                #expect(await stream.fill())
                streams.append(stream)
            }
            let usual = try await Self.open(fixture, "/api/samples/usual")
            #expect(usual.status.code == 200)
            for stream in streams { stream.close() }
        }
    }

    @Test func `a service is told when the client of a stream has left`() async throws {
        let left = Latch()
        try await withGateway(registry: { _ in
            Response(
                .ok,
                body: .stream { writer in
                    try await writer.write(Array(": open\n\n".utf8))
                    do { try await EventLoop.current?.sleep(.seconds(60)) } catch { left.fire() }
                })
        }) { fixture in
            let stream = try await fixture.connect()
            stream.output = Array(
                "GET /api/samples/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(try fixture.token())\r\n\r\n"
                    .utf8)
            #expect(await stream.fill())
            stream.close()
            await left.wait()
        }
    }

    @Test func `a small body that does not come keeps no connection to a service`() async throws {
        try await withGateway(registry: { _ in Response(.ok) }) { fixture in
            let token = try fixture.token()
            var streams: [ByteStream] = []
            for _ in 0..<(ClientLimits().connections + 10) {
                let stream = try await fixture.connect()
                stream.output = Array(
                    "POST /api/samples HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\nContent-Length: 1000\r\n\r\n{"
                        .utf8)
                stream.flush()
                streams.append(stream)
            }
            let usual = try await Self.open(fixture, "/api/samples/usual")
            #expect(usual.status.code == 200)
            #expect(fixture.seen.withLock { $0.count } == 1)
            for stream in streams { stream.close() }
        }
    }

    @Test func `of one caller so many large bodies are taken at a time, and of others more`() async throws {
        try await withGateway(registry: { request in
            while let _ = try? await request.body.next() {}
            return Response(.ok)
        }) { fixture in
            func begin(_ account: ID<Account>) async throws -> ByteStream {
                let stream = try await fixture.connect()
                stream.output = Array(
                    "POST /api/samples HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(try fixture.token(account))\r\nContent-Length: 1000000\r\n\r\n"
                        .utf8)
                stream.flush()
                return stream
            }
            let (one, other) = (ID<Account>(high: 1, low: 1), ID<Account>(high: 1, low: 2))
            var streams: [ByteStream] = []
            for _ in 0..<OpenUploads.perCaller { streams.append(try await begin(one)) }
            let refused = try await begin(one)
            #expect(await refused.fill())
            #expect(String(decoding: refused.take(), as: UTF8.self).hasPrefix("HTTP/1.1 429"))
            let taken = try await begin(other)
            taken.output = [UInt8](repeating: 0x20, count: 1_000_000)
            #expect(await taken.fill())
            #expect(String(decoding: taken.take(), as: UTF8.self).hasPrefix("HTTP/1.1 200"))
            for stream in streams + [refused, taken] { stream.close() }
        }
    }
}

private struct Note: View {
    let text: String
    static let shape = Shape<Note>("Note", .text("text") { $0.text })
}
