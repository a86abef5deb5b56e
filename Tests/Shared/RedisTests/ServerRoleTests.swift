import Kernel
import Lifecycle
import Net
import Redis
import TestSupport
import Testing

/// What Redis is connected to.
struct ServerRoleTests {
    @Test func `a primary that was demoted is left at the first refused write, and readiness says so before`()
        async throws
    {
        let server = TestRedis()
        try await withRedis(server.settings) { redis, key, group in
            _ = try await redis.command("SET", RESPArgument(key), "1")
            try await redis.ping()
            // Nobody listens there: a replica that waits for its primary.
            _ = try await redis.command("REPLICAOF", "127.0.0.1", "1")
            await #expect(throws: RedisError.wrongServer(.replica)) { try await redis.ping() }
            let refused = await #expect(throws: RedisError.self) {
                try await redis.command("SET", RESPArgument(key), "2")
            }
            #expect(refused?.code == "READONLY")
            await #expect(throws: RedisError.wrongServer(.replica)) {
                try await redis.command("SET", RESPArgument(key), "3")
            }
            await #expect(throws: RedisError.wrongServer(.replica)) { try await redis.ping() }
            server.stop()
            server.start()
            #expect(try await heals(redis, on: group.loops[0]))
            _ = try await redis.command("SET", RESPArgument(key), "4")
        }
        server.stop()
    }

    @Test func `a replica and a Sentinel are never used, for commands, streams or scripts`() async throws {
        let replica = TestRedis(), sentinel = TestRedis(isSentinel: true)
        try await withRedis(replica.settings) { redis, _, _ in
            _ = try await redis.command("REPLICAOF", "127.0.0.1", "1")
        }
        for (server, fault) in [(replica, RedisError.wrongServer(.replica)), (sentinel, .wrongServer(.sentinel))] {
            try await withRedis(server.settings) { redis, key, group in
                await #expect(throws: fault) { try await redis.ping() }
                await #expect(throws: fault) { try await redis.command("GET", RESPArgument(key)) }
                await #expect(throws: fault) { try await Script("return 1").run(on: redis, keys: [], []) }
                let reader = StreamReader(server.settings, on: group.loops[0])
                await #expect(throws: fault) {
                    try await reader.read("stream", group: "group", consumer: "one", timeout: .milliseconds(10))
                }
            }
            server.stop()
        }
    }
}
