import Glibc
import Lifecycle
import Net
import Testing

/// How a stream ends: nothing that was sent before the end may be lost, whoever is slow.
@Suite struct StreamEndTests {
    private static var soon: Deadline { .after(.seconds(300)) }

    /// Two ends of one connection on the calling loop.
    private static func pair(room: Int32 = 212_992) throws -> (ByteStream, ByteStream) {
        let loop = try #require(EventLoop.current)
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        #expect(unsafe socketpair(AF_UNIX, type, 0, &ends) == 0)
        var room = room
        for end in ends {
            let size = socklen_t(MemoryLayout<Int32>.size)
            #expect(unsafe setsockopt(end, SOL_SOCKET, SO_SNDBUF, &room, size) == 0)
        }
        return (ByteStream(fd: ends[0], peer: nil, loop: loop), ByteStream(fd: ends[1], peer: nil, loop: loop))
    }

    private static func securedPair(
        _ keys: TestKeys, room: Int32 = 212_992
    ) async throws -> (ByteStream, ByteStream) {
        let (one, other) = try pair(room: room)
        let loop = one.loop
        let isSecure = Latch()
        loop.spawn("server") {
            try? await other.secure(keys.server, deadline: Self.soon)
            isSecure.fire()
        }
        try await one.secure(keys.client, serverName: "praxis.test", deadline: Self.soon)
        await isSecure.wait()
        return (one, other)
    }

    private static func collect(_ stream: ByteStream) async -> Int {
        var count = 0
        while await stream.fill() { count += stream.take().count }
        return count + stream.take().count
    }

    private static func run<T: Sendable>(_ body: @escaping @Sendable () async throws -> T) async throws -> T {
        let group = EventLoopGroup(count: 1)
        defer { group.shutDown() }
        return try await group.run(body)
    }

    @Test func `the last bytes are told before the end they came with`() async throws {
        let reported = try await Self.run {
            let (one, other) = try Self.pair()
            let (reported, done) = (Locked<(Bool, Int)?>(nil), Latch())
            one.loop.spawn("reader") {
                let hasMore = await one.fill()
                reported.withLock { $0 = (hasMore, one.input.count) }
                done.fire()
            }
            try await one.loop.sleep(.milliseconds(1))
            // As much as one read has room for, so that the same turn looks again and meets the end.
            other.output = [UInt8](repeating: 7, count: 4096)
            other.flush()
            other.close()
            await done.wait()
            #expect(await one.fill() == false)
            return reported.withLock { $0 }
        }
        #expect(reported?.0 == true)
        #expect(reported?.1 == 4096)
    }

    @Test func `what was sent before both sides left is read, however late`() async throws {
        let received = try await Self.run {
            let (one, other) = try Self.pair()
            other.output = [UInt8](repeating: 7, count: 150_000)
            other.flush()
            #expect(other.pending == 0)
            other.close()
            // It fills up, and is left alone with the end of the other side for a while.
            for _ in 0..<20 { try await one.loop.sleep(.milliseconds(1)) }
            return await Self.collect(one)
        }
        #expect(received == 150_000)
    }

    @Test func `TLS says its end though the socket had no room for it`() async throws {
        let keys = try TestKeys()
        let (sent, received, failure) = try await Self.run {
            let record = [UInt8](repeating: 7, count: 16_384)
            // Nobody reads in this turn, so the same number of records fills every such pair.
            let (first, _) = try await Self.securedPair(keys)
            var room = 0
            while first.pending == 0 {
                first.output = record
                first.flush()
                room += 1
            }
            first.close()
            let (one, other) = try await Self.securedPair(keys)
            for _ in 1..<room {
                one.output = record
                one.flush()
            }
            #expect(one.pending == 0)
            one.finish()
            let received = await Self.collect(other)
            defer { one.close() }
            return ((room - 1) * record.count, received, other.failure)
        }
        #expect(received == sent)
        #expect(failure == nil)
    }

    @Test func `TLS begins though its first bytes came before anybody looked`() async throws {
        let keys = try TestKeys()
        let received = try await Self.run {
            let (one, other) = try Self.pair()
            other.pauseReading()
            one.loop.spawn("client") {
                try? await one.secure(keys.client, serverName: "praxis.test", deadline: Self.soon)
                one.output = [1, 2, 3]
                one.finish()
            }
            try await one.loop.sleep(.milliseconds(20))
            try await other.secure(keys.server, deadline: Self.soon)
            return await Self.collect(other)
        }
        #expect(received == 3)
    }

    @Test(arguments: [4_608, 262_144])
    func `much goes both ways at once over TLS, through sockets of any size`(_ room: Int32) async throws {
        let keys = try TestKeys()
        let size = 700_000
        let counts = try await Self.run {
            try await withThrowingTaskGroup(of: [Int].self) { tasks in
                for _ in 0..<4 {
                    tasks.addTask {
                        let (one, other) = try await Self.securedPair(keys, room: room)
                        async let back = Self.exchange(one, size)
                        async let forth = Self.exchange(other, size)
                        return try await [back, forth]
                    }
                }
                return try await tasks.reduce(into: []) { $0 += $1 }
            }
        }
        #expect(counts == Array(repeating: size, count: 8))
    }

    /// Sends so much while reading whatever comes; how much came.
    private static func exchange(_ stream: ByteStream, _ size: Int) async throws -> Int {
        stream.loop.spawn("send") {
            for _ in 0..<(size / 7_000) {
                stream.output.append(contentsOf: repeatElement(9, count: 7_000))
                try? await stream.drain()
            }
            stream.finish()
        }
        return await collect(stream)
    }
}
