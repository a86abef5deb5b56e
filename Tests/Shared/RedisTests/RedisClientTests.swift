import Glibc
import Kernel
import Lifecycle
import Net
import Redis
import TestSupport
import Testing

/// Runs a test on a loop of its own against the shared Redis; `key` is nobody else's.
func withRedis(
    _ settings: RedisSettings = TestCluster.shared.redisSettings, loops: Int = 1,
    _ body: @escaping @Sendable (_ redis: RedisClient, _ key: String, _ group: EventLoopGroup) async throws -> Void
) async throws {
    let group = EventLoopGroup(count: loops)
    let redis = RedisClient(settings, group: group)
    let key = "test:\(UInt64.random(in: 0 ... .max))"
    let result: Result<Void, any Error>
    do {
        result = .success(try await group.run { try await body(redis, key, group) })
    } catch {
        result = .failure(error)
    }
    redis.close()
    group.shutDown()
    try result.get()
}

/// Asks until Redis answers again, for at most five seconds.
func heals(_ redis: RedisClient, on loop: EventLoop) async throws -> Bool {
    let deadline = Deadline.after(.seconds(5))
    while !deadline.isPast() {
        if (try? await redis.ping()) != nil { return true }
        try await loop.sleep(.milliseconds(20))
    }
    return false
}

struct RedisClientTests {
    @Test func `commands get their own answers, many at once on two loops`() async throws {
        try await withRedis(loops: 2) { redis, key, group in
            let wrong = try await withThrowingTaskGroup(of: Bool.self) { tasks in
                for number in 0..<500 {
                    tasks.addTask(executorPreference: group.loops[number % 2]) {
                        let mine = RESPArgument("\(key):\(number)")
                        _ = try await redis.command("SET", mine, RESPArgument(number), "PX", 10_000)
                        return try await redis.command("GET", mine).integer != Int64(number)
                    }
                }
                return try await tasks.reduce(into: 0) { if $1 { $0 += 1 } }
            }
            #expect(wrong == 0)
        }
    }

    @Test func `bytes of all kinds pass unharmed`() async throws {
        try await withRedis { redis, key, _ in
            let bytes = (0...255).map { UInt8($0) } + Array("\r\n$3\r\n".utf8)
            _ = try await redis.command("SET", RESPArgument(key), RESPArgument(bytes))
            let back = try await redis.command("GET", RESPArgument(key))
            #expect(back.bytes == bytes)
            let none = try await redis.command("GET", RESPArgument(key + "none"))
            #expect(none.isNull)
        }
    }

    @Test func `a refusal is thrown with its code`() async throws {
        try await withRedis { redis, key, _ in
            _ = try await redis.command("SET", RESPArgument(key), "text")
            let wrongType = await #expect(throws: RedisError.self) {
                try await redis.command("LPUSH", RESPArgument(key), "x")
            }
            #expect(wrongType?.code == "WRONGTYPE")
            let unknown = await #expect(throws: RedisError.self) { try await redis.command("NOSUCHCOMMAND") }
            #expect(unknown?.code == "ERR")
        }
    }

    @Test func `a server that is not there is reported at once`() async throws {
        try await withRedis(RedisSettings(address: .unix(path: "/nonexistent/redis.sock"))) { redis, _, _ in
            await #expect(throws: RedisError.unreachable) { try await redis.command("PING") }
            await #expect(throws: RedisError.unreachable) { try await redis.command("PING") }
        }
    }

    @Test func `a killed server is found again when it is back`() async throws {
        let server = TestRedis()
        try await withRedis(server.settings) { redis, _, group in
            _ = try await redis.command("SET", "a", "1")
            server.signal(SIGKILL)
            await #expect(throws: RedisError.self) { try await redis.command("GET", "a") }
            server.stop()
            server.start()
            #expect(try await heals(redis, on: group.loops[0]))
        }
        server.stop()
    }

    @Test func `a server that hangs costs one time-out, then nothing until it wakes`() async throws {
        let server = TestRedis()
        var settings = server.settings
        settings.timeout = .milliseconds(250)
        try await withRedis(settings) { redis, _, group in
            _ = try await redis.command("PING")
            server.signal(SIGSTOP)
            await #expect(throws: RedisError.timedOut) { try await redis.command("PING") }
            // The next one tries to connect and gives up; from then on nobody waits while the pause lasts.
            await #expect(throws: RedisError.self) { try await redis.command("PING", "again") }
            try await group.loops[0].sleep(.milliseconds(600))
            server.signal(SIGCONT)
            #expect(try await heals(redis, on: group.loops[0]))
        }
        server.stop()
    }

    @Test func `a cancelled command leaves a tombstone and the next answers are not shifted`() async throws {
        try await withRedis { redis, key, group in
            let task = group.loops[0].spawn("blocked") {
                _ = try? await redis.command(["BLPOP", RESPArgument(key), "0.1"], timeout: .seconds(2))
            }
            try await group.loops[0].sleep(.milliseconds(20))
            task.cancel()
            let echo = try await redis.command("ECHO", "mine")
            #expect(echo.text == "mine")
        }
    }

    @Test func `a script survives a server that has forgotten it`() async throws {
        let server = TestRedis()
        try await withRedis(server.settings) { redis, key, _ in
            let script = Script("return redis.call('INCRBY', KEYS[1], ARGV[1])")
            let counter = [RESPArgument(key)]
            let first = try await script.run(on: redis, keys: counter, [2])
            #expect(first == .integer(2))
            _ = try await redis.command("FLUSHALL")
            _ = try await redis.command("SCRIPT", "FLUSH")
            let second = try await script.run(on: redis, keys: counter, [3])
            #expect(second == .integer(3))
            let third = try await script.run(on: redis, keys: counter, [4])
            #expect(third == .integer(7))
        }
        server.stop()
    }
}

struct RedisSettingsTests {
    @Test func `addresses are read and wrong ones refused`() {
        let plain = RedisSettings(Secret("redis://localhost"))
        #expect(plain?.address == .host("localhost", port: 6379))
        let full = RedisSettings(Secret("redis://praxis:p%40ss@127.0.0.1:7000/3"))
        #expect(full?.address == .host("127.0.0.1", port: 7000))
        #expect(full?.user == "praxis")
        #expect(full?.password?.expose() == "p@ss")
        #expect(full?.database == 3)
        #expect(RedisSettings(Secret("redis://:word@h"))?.user == nil)
        #expect(RedisSettings(Secret("redis://[::1]:7000"))?.address == .host("::1", port: 7000))
        #expect(RedisSettings(Secret("redis://[::1]"))?.address == .host("::1", port: 6379))
        #expect(RedisSettings(Secret("unix:/run/redis.sock?db=2"))?.database == 2)
        for wrong in ["http://h", "redis://", "redis://h:x", "redis://h/x", "unix:relative", "rediss://h"] {
            #expect(RedisSettings(Secret(wrong))?.address == nil, "\(wrong)")
        }
    }
}
