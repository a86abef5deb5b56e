import Lifecycle
import Net
import Redis
import TestSupport
import Testing

@testable import Messaging

struct LeaderLeaseTests {
    private static let length = Duration.milliseconds(600)

    private static func lease(_ holder: String, _ redis: RedisClient) -> LeaderLease {
        LeaderLease(key: "lease", holder: holder, lease: length, redis: redis)
    }

    /// Runs with two clients of one server, as two processes have them.
    private func withTwo(
        _ body: @escaping @Sendable (TestRedis, RedisClient, LeaderLease, LeaderLease, EventLoop) async throws -> Void
    ) async throws {
        let server = TestRedis()
        let group = EventLoopGroup(count: 1)
        let (one, two) = (RedisClient(server.settings, group: group), RedisClient(server.settings, group: group))
        let result: Result<Void, any Error>
        do {
            try await group.run {
                try await body(server, one, Self.lease("one", one), Self.lease("two", two), group.loops[0])
            }
            result = .success(())
        } catch { result = .failure(error) }
        one.close()
        two.close()
        group.shutDown()
        server.stop()
        try result.get()
    }

    private static func leads(_ lease: LeaderLease, on loop: EventLoop) async throws -> Bool {
        let deadline = Deadline.after(.seconds(10))
        while !deadline.isPast() {
            if (try? await lease.acquireOrRenew()) == true { return true }
            try await loop.sleep(.milliseconds(5))
        }
        return false
    }

    @Test func `when redis is emptied, two never lead at once`() async throws {
        try await withTwo { _, redis, one, two, loop in
            #expect(try await Self.leads(one, on: loop))
            var changes = 0
            for _ in 0..<4 {
                _ = try await redis.command("FLUSHALL")
                // The other is at once there.
                let other = try await two.acquireOrRenew()
                #expect(!other)
                let deadline = Deadline.after(.seconds(2))
                var isSecond = false
                while !isSecond, !deadline.isPast() {
                    let isFirst = try await one.acquireOrRenew()
                    isSecond = try await two.acquireOrRenew()
                    #expect(!(isFirst && isSecond))
                    try await loop.sleep(.milliseconds(3))
                }
                if isSecond { changes += 1 }
                await two.release()
                #expect(try await Self.leads(one, on: loop))
            }
            #expect(changes == 4)
        }
    }

    @Test func `who lost a connection to redis asks before it leads on`() async throws {
        try await withTwo { server, _, one, two, loop in
            let began = try await Self.leads(one, on: loop)
            server.stop()
            server.start()
            _ = try? await one.redis.ping()
            // The new server knows of no lease.
            let goesOn = try? await one.acquireOrRenew()
            let returned = try await Self.leads(one, on: loop)
            let other = try await two.acquireOrRenew()
            #expect(began && goesOn != true && returned && !other)
        }
    }

    @Test func `who follows a process that was killed here waits for nothing`() async throws {
        try await withTwo { _, redis, one, _, _ in
            let own = try #require(ProcessMark.own).description.split(separator: ".")
            // This process's number, with another start.
            let killed = RESPArgument("\(own[0]).\(own[1]).1/consumer")
            _ = try await redis.command("SET", "lease", killed, "PX", 60_000)
            let follows = try await one.acquireOrRenew()
            let elsewhere = RESPArgument("another-machine.1.1/consumer")
            _ = try await redis.command("SET", "lease", elsewhere, "PX", 60_000)
            one.forget()
            let steals = try await one.acquireOrRenew()
            #expect(follows && !steals)
        }
    }

    @Test func `who follows one that resigned waits for nothing`() async throws {
        try await withTwo { _, _, one, two, loop in
            let began = try await Self.leads(one, on: loop)
            let early = try await two.acquireOrRenew()
            await one.release()
            let follows = try await two.acquireOrRenew()
            let late = try await one.acquireOrRenew()
            #expect(began && !early && follows && !late)
        }
    }
}
