import Glibc
import Kernel
import Lifecycle
import Net
import Redis
import TestSupport
import Testing

struct RedisStreamTests {
    @Test func `a group reads, acknowledges and takes over`() async throws {
        try await withRedis { redis, stream, group in
            try await redis.createGroup("mailer", of: stream)
            try await redis.createGroup("mailer", of: stream)
            for number in 0..<3 {
                try await redis.append(["n": RESPArgument(number), "kind": "test"], to: stream, keeping: 1000)
            }
            let reader = StreamReader(redis.settings, on: group.loops[0])
            let first = try await reader.read(
                stream, group: "mailer", consumer: "a", count: 2, timeout: .milliseconds(100))
            #expect(first.map { $0["n"].map { String(decoding: $0, as: UTF8.self) } } == ["0", "1"])
            #expect(try await redis.acknowledge([first[0].id], group: "mailer", of: stream) == 1)
            let (taken, next) = try await redis.claim(group: "mailer", of: stream, for: "b", idle: .zero)
            #expect(taken == [first[1]])
            #expect(next == "0-0")
            let groups = try await redis.groups(of: stream)
            #expect(groups.first?.pending == 1)
            #expect(groups.first?.lag == 1)
            #expect(try await redis.length(of: stream) == 3)
            _ = try await redis.command("DEL", RESPArgument(stream))
            reader.close()
        }
    }

    @Test func `a reader waits for what comes and is content with nothing`() async throws {
        try await withRedis { redis, stream, group in
            try await redis.createGroup("g", of: stream)
            let reader = StreamReader(redis.settings, on: group.loops[0])
            let nothing = try await reader.read(stream, group: "g", consumer: "a", timeout: .milliseconds(30))
            #expect(nothing.isEmpty)
            async let waiting = reader.read(stream, group: "g", consumer: "a", timeout: .seconds(5))
            try await group.loops[0].sleep(.milliseconds(30))
            try await redis.append(["k": "v"], to: stream)
            #expect(try await waiting.count == 1)
            _ = try await redis.command("DEL", RESPArgument(stream))
            let gone = await #expect(throws: RedisError.self) {
                try await reader.read(stream, group: "g", consumer: "a", timeout: .milliseconds(30))
            }
            #expect(gone?.code == "NOGROUP")
            reader.close()
        }
    }

    @Test func `a subscriber hears, and says when it may have missed something`() async throws {
        let server = TestRedis()
        try await withRedis(server.settings) { redis, _, group in
            let (events, feed) = AsyncStream.makeStream(of: RedisSubscriber.Event.self)
            let subscriber = RedisSubscriber(server.settings, channels: ["one", "two"], on: group.loops[0]) {
                feed.yield($0)
            }
            let shutdown = Shutdown()
            let task = group.loops[0].spawn("subscriber") {
                try? await Shutdown.$current.withValue(shutdown) { try await subscriber.run() }
            }
            var received = events.makeAsyncIterator()
            #expect(await received.next() == .connected)
            _ = try await redis.command("PUBLISH", "two", "hello")
            #expect(await received.next() == .message(channel: "two", payload: Array("hello".utf8)))
            server.stop()
            server.start()
            #expect(await received.next() == .connected)
            #expect(try await heals(redis, on: group.loops[0]))
            _ = try await redis.command("PUBLISH", "one", "again")
            #expect(await received.next() == .message(channel: "one", payload: Array("again".utf8)))
            shutdown.request()
            await task.value
        }
        server.stop()
    }
}
