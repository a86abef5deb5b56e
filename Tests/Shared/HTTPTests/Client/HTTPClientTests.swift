import HTTP
import Lifecycle
import Net
import Testing

@Suite struct HTTPClientTests {
    /// A client and an upstream that is a server of ours.
    private static func asking<T: Sendable>(
        limits: ClientLimits = .quick, serverLimits: HTTPLimits = .quick, handler: @escaping Handler,
        _ body: @escaping @Sendable (HTTPClient, Upstream, RawConversation) async throws -> T
    ) async throws -> T {
        try await RawConversation.with(limits: serverLimits, handler: handler) { conversation in
            let client = HTTPClient(group: conversation.group, limits: limits)
            let upstream = client.upstream(.address(conversation.address), authority: "test")
            defer { client.closeIdle() }
            return try await body(client, upstream, conversation)
        }
    }

    /// A client and an upstream that says exactly these bytes to each connection's first bytes, then leaves.
    private static func hearing<T: Sendable>(
        _ answers: [String], stays: Bool = false,
        _ body: @escaping @Sendable (HTTPClient, Upstream, Locked<Int>) async throws -> T
    ) async throws -> T {
        let group = EventLoopGroup(count: 1)
        let count = Locked(0)
        let listener = try Listener(.loopback(), group: group) { stream in
            stream.loop.spawn("liar") {
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                guard await stream.fill() else { return stream.close() }
                _ = stream.take()
                stream.output.append(contentsOf: answers[min(number, answers.count) - 1].utf8)
                stream.flush()
                if stays { while await stream.fill() { _ = stream.take() } }
                stream.closeLingering()
            }
        }
        let result = try await group.run {
            let client = HTTPClient(group: group, limits: .quick)
            defer { client.closeIdle() }
            return try await body(
                client, client.upstream(.address(listener.address), authority: "test"), count)
        }
        await listener.close()
        group.shutDown()
        return result
    }

    private static var soon: Deadline { .after(.seconds(20)) }

    private static func pattern(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 13 ^ $0 >> 9) }
    }

    private static let echo: Handler = { request in
        guard let body = try? await request.body.collect(upTo: 16_000_000) else { return Response(.badRequest) }
        return Response(
            .ok, headers: ["X-Path": request.path, "X-Host": request.headers["host"] ?? ""], body: .bytes(body))
    }

    @Test func `an answer comes back whole, over one connection again and again`() async throws {
        try await Self.asking(handler: Self.echo) { client, upstream, conversation in
            for number in 0..<50 {
                let request = try OutgoingRequest(.post, "/a/\(number)?q=1", body: .bytes(Array("body \(number)".utf8)))
                let response = try await client.send(request, to: upstream, deadline: Self.soon)
                #expect(response.status == .ok)
                #expect(response.headers["x-path"] == "/a/\(number)")
                #expect(response.headers["x-host"] == "test")
                #expect(try await response.body.collect(upTo: 100) == Array("body \(number)".utf8))
            }
            #expect(conversation.server.connections == 1)
        }
    }

    @Test(arguments: [true, false])
    func `a megabyte goes both ways part by part and is the same bytes`(_ isLengthKnown: Bool) async throws {
        let sent = Self.pattern(1_048_576)
        let received = try await Self.asking(handler: { request in
            let body = request.body
            body.allow(upTo: 2_000_000)
            return Response(
                .ok,
                body: .stream(length: body.length) { writer in
                    while let part = try await body.next() { try await writer.write(part) }
                })
        }) { client, upstream, _ in
            let body = MessageBody.stream(length: isLengthKnown ? sent.count : nil) { writer in
                for start in stride(from: 0, to: sent.count, by: 10_000) {
                    try await writer.write(Array(sent[start..<min(start + 10_000, sent.count)]))
                }
            }
            let response = try await client.send(
                try OutgoingRequest(.post, "/", body: body), to: upstream, deadline: Self.soon)
            var all: [UInt8] = []
            for try await part in response.body { all += part }
            return all
        }
        #expect(received == sent)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 0\n\n", "nonsense and more of it\r\n\r\n",
        String(repeating: "HTTP/1.1 102 Processing\r\n\r\n", count: 100),
    ])
    func `an answer that cannot be trusted is refused and its connection given up`(_ answer: String) async throws {
        try await Self.hearing([answer, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"], stays: true) {
            client, upstream, count in
            let fault = await #expect(throws: ClientFault.self) {
                _ = try await client.send(try OutgoingRequest(.get, "/"), to: upstream, deadline: Self.soon)
            }
            #expect(fault?.code != "lost" && fault?.code != "timed_out")
            let next = try await client.send(try OutgoingRequest(.get, "/"), to: upstream, deadline: Self.soon)
            #expect(try await next.body.collect(upTo: 10) == [0x6F, 0x6B])
            #expect(count.withLock { $0 } == 2)
        }
    }

    @Test func `bytes behind an answer cost the connection, and are no answer to the next request`() async throws {
        try await Self.hearing(
            [
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb",
            ], stays: true
        ) { client, upstream, _ in
            var bodies: [[UInt8]] = []
            for _ in 0..<2 {
                let response = try await client.send(try OutgoingRequest(.get, "/"), to: upstream, deadline: Self.soon)
                bodies.append(try await response.body.collect(upTo: 10))
            }
            #expect(bodies == [[0x61], [0x62]])
        }
    }

    @Test func `a body cut short is an error, a body that ends with its connection is whole`() async throws {
        try await Self.hearing(["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "HTTP/1.1 200 OK\r\n\r\nwhole"]) {
            client, upstream, _ in
            let cut = try await client.send(try OutgoingRequest(.get, "/"), to: upstream, deadline: Self.soon)
            await #expect(throws: ClientFault.lost) { try await cut.body.collect(upTo: 100) }
            let whole = try await client.send(try OutgoingRequest(.get, "/"), to: upstream, deadline: Self.soon)
            let bytes = try await whole.body.collect(upTo: 100)
            #expect(bytes == Array("whole".utf8))
        }
    }

    @Test func `an upstream that does not answer in time is given up`() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        try await Self.hearing([answer, answer], stays: true) { client, upstream, count in
            // The second request on a connection is read and never answered.
            _ = try await client.send(try OutgoingRequest(.get, "/"), to: upstream, deadline: Self.soon)
            await #expect(throws: ClientFault.timedOut) {
                try await client.send(try OutgoingRequest(.get, "/"), to: upstream, deadline: .after(.milliseconds(30)))
            }
            #expect(count.withLock { $0 } == 1)
        }
    }

    @Test func `an upstream that hangs up on a kept connection is asked again over a new one`() async throws {
        let seen = Locked(0)
        let group = EventLoopGroup(count: 1)
        let listener = try Listener(.loopback(), group: group) { stream in
            stream.loop.spawn("fickle") {
                // One answer, then it hangs up as soon as it is asked again.
                for isFirst in [true, false] {
                    guard await stream.fill() else { break }
                    _ = stream.take()
                    seen.withLock { $0 += 1 }
                    if !isFirst { break }
                    stream.output.append(contentsOf: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".utf8)
                    stream.flush()
                }
                stream.close()
            }
        }
        try await group.run {
            let client = HTTPClient(group: group, limits: .quick)
            let upstream = client.upstream(.address(listener.address), authority: "x")
            let first = try await client.send(try OutgoingRequest(.get, "/"), to: upstream, deadline: Self.soon)
            let second = try await client.send(try OutgoingRequest(.get, "/"), to: upstream, deadline: Self.soon)
            #expect([first.status, second.status] == [.ok, .ok])
            #expect(seen.withLock { $0 } == 3)
            await #expect(throws: ClientFault.lost) {
                try await client.send(try OutgoingRequest(.post, "/"), to: upstream, deadline: Self.soon)
            }
            #expect(seen.withLock { $0 } == 4)
            client.closeIdle()
        }
        await listener.close()
        group.shutDown()
    }

    @Test func `connections are bounded, who waits is served in order or told that it took too long`() async throws {
        var limits = ClientLimits.quick
        limits.connections = 1
        limits.waiters = 2
        limits.waitTime = .milliseconds(500)
        let order = Locked<[String]>([])
        try await Self.asking(
            limits: limits,
            handler: { request in
                order.withLock { $0.append(request.path) }
                try? await EventLoop.current?.sleep(.milliseconds(10))
                return Response(.ok)
            }
        ) { client, upstream, _ in
            let outcomes = await withTaskGroup(of: String.self) { tasks in
                for number in 0..<4 {
                    tasks.addTask {
                        do {
                            let request = try OutgoingRequest(.get, "/\(number)")
                            _ = try await client.send(request, to: upstream, deadline: Self.soon)
                            return "ok"
                        } catch {
                            return (error as? ClientFault)?.code ?? "other"
                        }
                    }
                }
                var all: [String] = []
                for await outcome in tasks { all.append(outcome) }
                return all.sorted()
            }
            #expect(outcomes == ["ok", "ok", "ok", "pool_is_full"])
            #expect(order.withLock { $0 } == ["/0", "/1", "/2"])
        }
    }

    @Test func `a cancelled request ends at once and its upstream hears of it`() async throws {
        var serverLimits = HTTPLimits.quick
        serverLimits.halfCloseGrace = .zero
        let started = Latch()
        let ended = Latch()
        try await Self.asking(
            serverLimits: serverLimits,
            handler: { _ in
                started.fire()
                try? await EventLoop.current?.sleep(.seconds(60))
                ended.fire()
                return Response(.ok)
            }
        ) { client, upstream, conversation in
            let loop = conversation.group.loops[0]
            let task = Task(executorPreference: loop) {
                try await client.send(try OutgoingRequest(.get, "/"), to: upstream, deadline: Self.soon).status
            }
            await started.wait()
            task.cancel()
            await #expect(throws: ClientFault.cancelled) { try await task.value }
            await ended.wait()
        }
    }

    @Test func `nobody at the address is unreachable`() async throws {
        let group = EventLoopGroup(count: 1)
        try await group.run {
            let client = HTTPClient(group: group)
            let upstream = client.upstream(.address(.unix(path: "/tmp/praxis-nobody.sock")), authority: "x")
            await #expect(throws: ClientFault.unreachable) {
                try await client.send(try OutgoingRequest(.get, "/"), to: upstream, deadline: Self.soon)
            }
        }
        group.shutDown()
    }

    @Test func `a proxy passes on what concerns the ends and keeps what concerns the connection`() async throws {
        let seen = Locked("")
        try await Self.asking(handler: { request in
            seen.withLock { $0 = request.headers.all.map { "\($0.name): \($0.value)" }.joined(separator: "\n") }
            let body = (try? await request.body.collect()) ?? []
            return Response(Status(201), headers: ["X-Back": "yes", "X-Praxis-Inner": "secret"], body: .bytes(body))
        }) { client, upstream, conversation in
            let proxy = HTTPServer(.loopback(), group: conversation.group, limits: .quick) { request in
                var outgoing = OutgoingRequest(forwarding: request, without: .ofRequests.and(prefix: "x-praxis-"))
                outgoing.headers.add("X-Request-ID", "r1")
                guard let incoming = try? await client.send(outgoing, to: upstream, deadline: Self.soon) else {
                    return Response(.badGateway)
                }
                return Response(forwarding: incoming, without: .ofAnswers.and(prefix: "x-praxis-"))
            }
            try await proxy.start()
            let address = try #require(proxy.address)
            let front = RawConversation(group: conversation.group, server: proxy, address: address)
            let answer = try await front.say(
                "POST /p?q=%20 HTTP/1.1\r\nHost: front\r\nX-Own: 1\r\nX-Praxis-Principal: forged\r\nConnection: close, x\r\n"
                    + "Keep-Alive: 5\r\nTE: trailers\r\nContent-Length: 4\r\n\r\nbody")
            #expect(answer.hasPrefix("HTTP/1.1 201 Created\r\n"))
            #expect(answer.hasSuffix("X-Back: yes\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody"))
            #expect(answer.split(separator: "Date:").count == 2)
            #expect(seen.withLock { $0 } == "Host: test\nX-Own: 1\nX-Request-ID: r1\nContent-Length: 4")
            await proxy.stop()
        }
    }
}

extension ClientLimits {
    static var quick: ClientLimits {
        var limits = ClientLimits()
        limits.tick = .milliseconds(5)
        limits.connectTime = .seconds(10)
        limits.waitTime = .seconds(10)
        return limits
    }
}
