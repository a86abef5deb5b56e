import Glibc
import Lifecycle
import Net
import Redis
import TestSupport
import Testing

/// Asking from the loop itself, without a task.
struct LocalRedisTests {
    private static let add = Script(
        """
        local sums = {}
        for position, key in ipairs(KEYS) do sums[position] = redis.call('INCRBY', key, ARGV[1]) end
        return sums
        """)

    /// The answers of calls, in the order in which they came.
    private final class Answers: Sendable {
        struct Word: Sendable {
            let call: Int
            let answer: Result<RESPValue, RedisError>
        }

        let words = Locked<[Word]>([])

        func listener(_ call: Int) -> (Result<RESPValue, RedisError>) -> Void {
            { [self] answer in words.withLock { $0.append(Word(call: call, answer: answer)) } }
        }

        var count: Int { words.withLock { $0.count } }

        func until(_ count: Int, on loop: EventLoop) async throws {
            let deadline = Deadline.after(.seconds(10))
            while self.count < count, !deadline.isPast() { try await loop.sleep(.milliseconds(1)) }
            try #require(self.count == count)
        }

        var integers: [Int64?] { words.withLock { $0 }.map { try? $0.answer.get().integer } }

        var errors: [RedisError?] {
            words.withLock { $0 }.map { if case .failure(let error) = $0.answer { error } else { nil } }
        }
    }

    @Test func `the answer is told after the call, and each call its own`() async throws {
        try await withRedis { redis, key, group in
            try await redis.ping()
            let (local, answers) = (try #require(redis.local), Answers())
            let call = ScriptCall(Self.add, [1])
            for number in 1...50 { local.call(call, key: Array(key.utf8), answers.listener(number)) }
            #expect(answers.count == 0)
            try await answers.until(50, on: group.loops[0])
            #expect(answers.integers == (1...50).map { Int64($0) })
            #expect(answers.words.withLock { $0.map(\.call) } == Array(1...50))
        }
    }

    @Test func `calls of one turn leave together, by script and at most 64 in one`() async throws {
        let group = EventLoopGroup(count: 1)
        let counts = try await group.run {
            let counts = Locked<[Int]>([])
            let server = try RESPStandIn(group) { words, _, stream in
                switch words.first {
                case "PING": stream.say("+PONG\r\n")
                case "EVAL":
                    let count = Int(words[2]) ?? 0
                    counts.withLock { $0.append(count) }
                    stream.say("*\(count)\r\n" + String(repeating: ":7\r\n", count: count))
                default: stream.say("-ERR not now\r\n")
                }
                return true
            }
            let redis = RedisClient(server.settings(timeout: .seconds(10)), group: group)
            try await redis.ping()
            let (local, answers) = (try #require(redis.local), Answers())
            let script = Script("return 0")
            let calls = [ScriptCall(script, [1]), ScriptCall(script, [2])]
            for number in 1...70 { local.call(calls[0], key: [0x61], answers.listener(number)) }
            for number in 71...73 { local.call(calls[1], key: [0x61], answers.listener(number)) }
            local.call(calls[0], key: [0x61], answers.listener(74))
            try await answers.until(74, on: group.loops[0])
            #expect(answers.words.withLock { $0.map(\.call) } == Array(1...74))
            #expect(answers.integers.allSatisfy { $0 == 7 })
            redis.close()
            await server.listener.close()
            return counts.withLock { $0 }
        }
        #expect(counts == [64, 6, 3, 1])
        group.shutDown()
    }

    @Test func `an answer that is not one for each key is none`() async throws {
        try await withRedis { redis, key, group in
            try await redis.ping()
            let (local, answers) = (try #require(redis.local), Answers())
            let call = ScriptCall(Script("return {1}"), [])
            for number in 1...2 { local.call(call, key: Array(key.utf8), answers.listener(number)) }
            try await answers.until(2, on: group.loops[0])
            #expect(answers.errors == [.unexpectedAnswer, .unexpectedAnswer])
        }
    }

    @Test func `a server that has forgotten the script is told it with the call`() async throws {
        let server = TestRedis()
        try await withRedis(server.settings) { redis, key, group in
            try await redis.ping()
            let (local, answers) = (try #require(redis.local), Answers())
            let call = ScriptCall(Self.add, [1])
            for number in 1...3 {
                for _ in 0..<2 {
                    local.call(call, key: Array(key.utf8), answers.listener(number))
                    try await answers.until(answers.count + 1, on: group.loops[0])
                }
                _ = try await redis.command("SCRIPT", "FLUSH")
            }
            // Two at once, neither of which finds it.
            for number in 4...5 { local.call(call, key: Array(key.utf8), answers.listener(number)) }
            try await answers.until(8, on: group.loops[0])
            #expect(answers.integers == (1...8).map { Int64($0) })
        }
        server.stop()
    }

    @Test func `with no connection it is told so, after the call`() async throws {
        try await withRedis(RedisSettings(address: .unix(path: "/nonexistent/redis.sock"))) { redis, key, group in
            let (local, answers) = (try #require(redis.local), Answers())
            local.call(ScriptCall(Self.add, [1]), key: Array(key.utf8), answers.listener(1))
            #expect(answers.count == 0)
            try await answers.until(1, on: group.loops[0])
            #expect(answers.errors == [.unreachable])
        }
    }

    @Test func `a connection that is lost is told to all who wait`() async throws {
        let server = TestRedis()
        var settings = server.settings
        settings.timeout = .seconds(60)
        try await withRedis(settings) { redis, key, group in
            try await redis.ping()
            let (local, answers) = (try #require(redis.local), Answers())
            let call = ScriptCall(Self.add, [1])
            server.signal(SIGSTOP)
            for number in 1...3 { local.call(call, key: Array(key.utf8), answers.listener(number)) }
            try await group.loops[0].sleep(.milliseconds(5))
            #expect(answers.count == 0)
            server.signal(SIGKILL)
            try await answers.until(3, on: group.loops[0])
            #expect(answers.errors == [.lost, .lost, .lost])
            local.call(call, key: Array(key.utf8), answers.listener(4))
            #expect(answers.count == 3)
            try await answers.until(4, on: group.loops[0])
            #expect(answers.errors.last == .unreachable)
        }
        server.stop()
    }

    @Test func `a server that never answers costs the time for a command and little more`() async throws {
        let group = EventLoopGroup(count: 1)
        try await group.run {
            let server = try RESPStandIn(group) { words, _, stream in
                if words == ["PING"] { stream.say("+PONG\r\n") }
                return true
            }
            let redis = RedisClient(server.settings(timeout: .milliseconds(100)), group: group)
            try await redis.ping()
            let (local, answers) = (try #require(redis.local), Answers())
            let begin = MonotonicTime.now
            local.call(ScriptCall(Self.add, [1]), key: [0x61], answers.listener(1))
            try await answers.until(1, on: group.loops[0])
            let took = begin.duration(to: .now)
            #expect(answers.errors == [.timedOut])
            #expect(took >= .milliseconds(100) && took < .seconds(2))
            redis.close()
            await server.listener.close()
        }
        group.shutDown()
    }

    /// The first call is answered too late, though the server speaks meanwhile, so that the connection is not given up.
    @Test func `an answer that comes too late is nobody's`() async throws {
        let group = EventLoopGroup(count: 1)
        try await group.run {
            let isAsked = Latch(), gate = Latch()
            let server = try RESPStandIn(group) { words, _, stream in
                switch words.first {
                case "PING": stream.say("+PONG\r\n")
                // It is never known by its digest, so every call brings it along.
                case "SCRIPT": stream.say("-ERR not now\r\n")
                case "EVAL" where words[3] == "slow":
                    isAsked.fire()
                    // The beginning of the answer: the server lives.
                    stream.say("*1\r\n$4\r\n")
                    await gate.wait()
                    stream.say("late\r\n")
                default:
                    let keys = words.dropFirst(3).dropLast()
                    stream.say("*\(keys.count)\r\n" + keys.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined())
                }
                return true
            }
            let redis = RedisClient(server.settings(timeout: .milliseconds(100)), group: group)
            try await redis.ping()
            let (local, answers) = (try #require(redis.local), Answers())
            let call = ScriptCall(Self.add, [1])
            local.call(call, key: Array("slow".utf8), answers.listener(1))
            await isAsked.wait()
            try await answers.until(1, on: group.loops[0])
            #expect(answers.errors == [.timedOut])
            for number in 2...4 { local.call(call, key: Array("key \(number)".utf8), answers.listener(number)) }
            gate.fire()
            try await answers.until(4, on: group.loops[0])
            let texts = answers.words.withLock { $0 }.map { try? $0.answer.get().text }
            #expect(texts == [nil, "key 2", "key 3", "key 4"])
            #expect(server.connections.withLock { $0 } == 1)
            redis.close()
            await server.listener.close()
        }
        group.shutDown()
    }
}
