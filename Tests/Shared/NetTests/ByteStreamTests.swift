import Glibc
import Lifecycle
import Net
import Testing

@Suite struct ByteStreamTests {
    // Far away: it counts from when the suite is made, and a busy machine may come to the test's own work much later.
    private let soon = Deadline.after(.seconds(300))

    /// A listener whose connections are served by `serve`, and a client connected to it.
    private func connected<T: Sendable>(
        _ address: SocketAddress = .loopback(), caps: Listener.Caps = Listener.Caps(),
        serve: @escaping @Sendable (ByteStream) async -> Void,
        client: @escaping @Sendable (ByteStream, Listener) async throws -> T
    ) async throws -> T {
        let group = EventLoopGroup(count: 2)
        let listener = try Listener(address, group: group, caps: caps) { stream in
            stream.loop.spawn("serve") { await serve(stream) }
        }
        let result = try await group.run { [soon] in
            let stream = try await ByteStream.connect(to: listener.address, on: group.loops[0], deadline: soon)
            defer { stream.close() }
            return try await client(stream, listener)
        }
        await listener.close()
        group.shutDown()
        return result
    }

    @Sendable private static func echo(_ stream: ByteStream) async {
        while await stream.fill() {
            stream.output.append(contentsOf: stream.take())
            guard (try? await stream.drain()) != nil else { return }
        }
        stream.output.append(contentsOf: stream.take())
        stream.finish()
    }

    private static func collect(_ stream: ByteStream) async -> [UInt8] {
        var all: [UInt8] = []
        while await stream.fill() { all += stream.take() }
        return all + stream.take()
    }

    private static func pattern(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
    }

    @Test(arguments: ["127.0.0.1:0", "[::1]:0", "unix"])
    func `three megabytes come back as they were sent`(_ place: String) async throws {
        let address =
            SocketAddress(place) ?? .unix(path: "/tmp/praxis-net-\(getpid())-\(Int.random(in: 0..<1_000_000)).sock")
        let sent = Self.pattern(3_000_000)
        let received = try await connected(address, serve: Self.echo) { stream, _ in
            stream.loop.spawn("send") {
                for start in stride(from: 0, to: sent.count, by: 50_000) {
                    stream.output.append(contentsOf: sent[start..<min(start + 50_000, sent.count)])
                    try? await stream.drain()
                }
                stream.finish()
            }
            return await Self.collect(stream)
        }
        #expect(received == sent)
    }

    @Test func `a reader that does not read stops the sender, and nothing is read past the mark`() async throws {
        let stuck = try await connected(serve: { stream in
            _ = await stream.fill()
            try? await stream.loop.sleep(.seconds(60))
        }) { stream, _ in
            var total = 0
            while stream.pending < ByteStream.highWater, total < 64_000_000 {
                stream.output.append(contentsOf: repeatElement(7, count: 32_768))
                total += 32_768
                stream.flush()
                try await stream.loop.sleep(.microseconds(200))
            }
            return total
        }
        #expect(stuck < 64_000_000)
    }

    @Test func `what leaves in a turn leaves together, but not all of it waits for the last`() async throws {
        let group = EventLoopGroup(count: 1)
        let loop = group.loops[0]
        let waiting = try await group.run {
            let streams = try (0..<40).map { _ in try Self.lone(on: loop) }
            defer { for stream in streams { stream.close() } }
            return await withTaskGroup(of: Int.self) { tasks in
                for stream in streams {
                    tasks.addTask(executorPreference: loop) {
                        stream.output.append(1)
                        stream.flushSoon()
                        return streams.count { $0.pending > 0 }
                    }
                }
                return await tasks.reduce(into: []) { $0.append($1) }
            }
        }
        #expect(waiting == Array(1...32) + Array(1...8))
        group.shutDown()
    }

    /// A stream to another end that nobody holds but the system.
    private static func lone(on loop: EventLoop) throws -> ByteStream {
        var ends: [Int32] = [-1, -1]
        try #require(
            unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0, &ends) == 0)
        let other = ends[1]
        let stream = ByteStream(fd: ends[0], peer: nil, loop: loop)
        stream.onClose = { _ = Glibc.close(other) }
        return stream
    }

    @Test func `connecting where nobody listens is refused`() async throws {
        let group = EventLoopGroup(count: 1)
        let listener = try Listener(.loopback(), group: group) { $0.close() }
        let address = listener.address
        await listener.close()
        await #expect(throws: (any Error).self) {
            try await group.run { [soon] in
                _ = try await ByteStream.connect(to: address, on: group.loops[0], deadline: soon)
            }
        }
        group.shutDown()
    }

    @Test(arguments: [AcceptRefusal.address, .process])
    func `connections past a cap are closed for that reason, and room is made when one leaves`(
        reason: AcceptRefusal
    ) async throws {
        var caps = Listener.Caps()
        if reason == .address { caps.perAddress = 1 } else { caps.connections = 1 }
        let refused = Locked<[AcceptRefusal]>([])
        caps.onRefusal = { refusal in refused.withLock { $0.append(refusal) } }
        try await connected(caps: caps, serve: Self.echo) { [soon] first, listener in
            first.output.append(1)
            #expect(await first.fill())
            let second = try await ByteStream.connect(to: listener.address, on: first.loop, deadline: soon)
            #expect(await Self.collect(second) == [])
            #expect(refused.withLock { $0 } == [reason])
            first.close()
            var answer: [UInt8] = []
            while answer.isEmpty {
                let third = try await ByteStream.connect(to: listener.address, on: first.loop, deadline: soon)
                third.output.append(3)
                third.finish()
                answer = await Self.collect(third)
                third.close()
            }
            #expect(answer == [3])
        }
    }

    @Test func `a proxy's connections are not capped by its address`() async throws {
        var caps = Listener.Caps()
        caps.perAddress = 1
        caps.isExempt = { $0.network == SocketAddress.loopback().network }
        try await connected(caps: caps, serve: Self.echo) { [soon] first, listener in
            first.output.append(1)
            #expect(await first.fill())
            let second = try await ByteStream.connect(to: listener.address, on: first.loop, deadline: soon)
            second.output.append(2)
            second.finish()
            #expect(await Self.collect(second) == [2])
        }
    }

    @Test func `the end of the other side is told while nobody reads`() async throws {
        let ended = Latch()
        try await connected(serve: { stream in
            stream.onEnd = { _ in ended.fire() }
            await ended.wait()
            stream.close()
        }) { stream, _ in
            stream.close()
            await ended.wait()
        }
    }

    @Test func `a stream speaks TLS, and a client refuses a name or an authority it does not know`() async throws {
        let folder = "/tmp/praxis-tls-\(getpid())"
        unsafe mkdir(folder, 0o700)
        let made = unsafe system(
            "cd \(folder) && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout key.pem "
                + "-out cert.pem -subj /CN=praxis.test -addext subjectAltName=DNS:praxis.test >/dev/null 2>&1")
        #expect(made == 0)
        let server = try TLSContext.server(certificate: "\(folder)/cert.pem", key: "\(folder)/key.pem")
        let trusting = try TLSContext.client(authorities: "\(folder)/cert.pem")
        let strict = try TLSContext.client()
        let sent = Self.pattern(400_000)
        for (context, name, isFine) in [
            (trusting, "praxis.test", true), (trusting, "other.test", false), (strict, "praxis.test", false),
        ] {
            let received = try await connected(serve: { [soon] stream in
                guard (try? await stream.secure(server, deadline: soon)) != nil else { return }
                await Self.echo(stream)
            }) { [soon] stream, _ -> [UInt8]? in
                do {
                    try await stream.secure(context, serverName: name, deadline: soon)
                } catch {
                    return nil
                }
                stream.loop.spawn("send") {
                    for start in stride(from: 0, to: sent.count, by: 40_000) {
                        stream.output.append(contentsOf: sent[start..<start + 40_000])
                        try? await stream.drain()
                    }
                    stream.finish()
                }
                return await Self.collect(stream)
            }
            #expect(received == (isFine ? sent : nil))
        }
        _ = unsafe system("rm -r \(folder)")
    }
}
