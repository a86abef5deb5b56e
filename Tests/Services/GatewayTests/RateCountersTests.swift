import API
import Gateway
import GatewayDomain
import Kernel
import Lifecycle
import Net
import Observability
import Redis
import TestSupport
import Testing

@Suite struct RateCountersTests {
    private static func counters(_ redis: TestRedis, _ group: EventLoopGroup, number: Int) -> RateCounters {
        RateCounters(
            redis: RedisClient(redis.settings, group: group),
            limits: [.login: RateLimit(number: number, window: .seconds(3600))],
            replicas: 1, metrics: Metrics())
    }

    private static func isAllowed(_ counters: RateCounters, _ key: UInt64 = 1) async throws -> Bool {
        let key = RateKey(NetworkAddress(high: 0, low: 0xFFFF_0000_0000 | key))
        let verdict = await counters.count(.login, of: key, at: Instant(seconds: 1_800_000_000))
        return try #require(verdict).isAllowed
    }

    @Test func `five hundred at once through two gateways get exactly the limit`() async throws {
        let redis = TestRedis()
        let group = EventLoopGroup(count: 1)
        let allowed = try await group.run {
            let gateways = [Self.counters(redis, group, number: 10), Self.counters(redis, group, number: 10)]
            return try await withThrowingTaskGroup(of: Bool.self) { tasks in
                for index in 0..<500 { tasks.addTask { try await Self.isAllowed(gateways[index % 2]) } }
                return try await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
        }
        #expect(allowed == 10)
        group.shutDown()
        redis.stop()
    }

    @Test func `a gateway that loses Redis goes on with what it has counted`() async throws {
        let redis = TestRedis()
        let group = EventLoopGroup(count: 1)
        let verdicts = try await group.run {
            let counters = Self.counters(redis, group, number: 4)
            var verdicts: [Bool] = []
            for index in 0..<8 {
                if index == 3 { redis.stop() }
                verdicts.append(try await Self.isAllowed(counters))
            }
            return verdicts
        }
        #expect(verdicts == [true, true, true, true, false, false, false, false])
        group.shutDown()
    }

    @Test func `a key that holds something else is counted anew, and keeps no other from its count`() async throws {
        let redis = TestRedis()
        let group = EventLoopGroup(count: 1)
        let remaining = try await group.run {
            let client = RedisClient(redis.settings, group: group)
            let name = "praxis:rates:login:0000000000000000-0000ffff0000000"
            _ = try await client.command("SET", RESPArgument("\(name)1"), RESPArgument("short"))
            _ = try await client.command("RPUSH", RESPArgument("\(name)2"), RESPArgument("a list"))
            client.close()
            // One count of each, as if by the other gateway.
            let other = Self.counters(redis, group, number: 5)
            for key in [1, 2, 3] as [UInt64] { _ = try await Self.isAllowed(other, key) }
            let counters = Self.counters(redis, group, number: 5)
            return await withTaskGroup(of: Int?.self) { tasks in
                for key in [1, 2, 3] as [UInt64] {
                    tasks.addTask {
                        let key = RateKey(NetworkAddress(high: 0, low: 0xFFFF_0000_0000 | key))
                        return await counters.count(.login, of: key, at: Instant(seconds: 1_800_000_000))?.remaining
                    }
                }
                return await tasks.reduce(into: []) { $0.append($1) }
            }
        }
        #expect(remaining == [3, 3, 3])
        group.shutDown()
        redis.stop()
    }

    @Test func `what is a window old counts no more, and what is younger does`() async throws {
        let redis = TestRedis()
        let group = EventLoopGroup(count: 1)
        let verdicts = try await group.run {
            let client = RedisClient(redis.settings, group: group)
            let seconds = try #require(try await client.command("TIME").array?.first?.integer)
            let now = Double(seconds) * 1_000_000
            let minute = 60_000_000.0
            // As a key is kept: its last request and counts, then the buckets before.
            let kept =
                Self.bytes(now - 6 * minute, 3) + Self.bytes(UInt32(13)) + Self.bytes((now - 61 * minute).bitPattern)
                + Self.bytes(now - 61 * minute, 9) + Self.bytes(now - 59 * minute, 2) + Self.bytes(now - 12 * minute, 2)
            let name = "praxis:rates:login:0000000000000000-0000ffff00000001"
            _ = try await client.command("SET", RESPArgument(name), RESPArgument(kept))
            client.close()
            let counters = Self.counters(redis, group, number: 10)
            let key = RateKey(NetworkAddress(high: 0, low: 0xFFFF_0000_0001))
            var verdicts: [RateVerdict?] = []
            for _ in 0..<4 { verdicts.append(await counters.count(.login, of: key, at: Instant(seconds: seconds))) }
            return verdicts
        }
        #expect(verdicts.map { $0?.remaining } == [2, 1, 0, 0])
        #expect(verdicts.map { $0?.isAllowed } == [true, true, true, false])
        #expect(verdicts.allSatisfy { (1...60).contains($0?.resetSeconds ?? 0) })
        group.shutDown()
        redis.stop()
    }

    private static func bytes(_ last: Double, _ count: UInt32) -> [UInt8] {
        bytes(last.bitPattern) + bytes(count)
    }

    private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        (0..<number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    @Test func `requests of one turn are counted one by one, each for its own key`() async throws {
        let redis = TestRedis()
        let group = EventLoopGroup(count: 1)
        let remaining = try await group.run {
            let counters = Self.counters(redis, group, number: 3)
            _ = try await Self.isAllowed(counters, 9)
            return try await withThrowingTaskGroup(of: (Int, RateVerdict?).self) { tasks in
                for index in 0..<12 {
                    tasks.addTask {
                        let key = RateKey(NetworkAddress(high: 0, low: 0xFFFF_0000_0000 | UInt64(index % 3)))
                        return (index, await counters.count(.login, of: key, at: Instant(seconds: 1_800_000_000)))
                    }
                }
                return try await tasks.reduce(into: [Int: [Int]]()) {
                    $0[$1.0 % 3, default: []].append($1.1?.remaining ?? -1)
                }
            }
        }
        #expect(remaining.mapValues { $0.sorted() } == [0: [0, 0, 1, 2], 1: [0, 0, 1, 2], 2: [0, 0, 1, 2]])
        group.shutDown()
        redis.stop()
    }

    @Test func `keys and classes are counted apart`() async throws {
        let redis = TestRedis()
        let group = EventLoopGroup(count: 1)
        try await group.run {
            let counters = Self.counters(redis, group, number: 1)
            let verdicts = [
                try await Self.isAllowed(counters, 1), try await Self.isAllowed(counters, 1),
                try await Self.isAllowed(counters, 2),
            ]
            #expect(verdicts == [true, false, true])
            let unlimited = await counters.count(.unlimited, of: RateKey(ID(high: 1, low: 1)), at: Instant(seconds: 1))
            #expect(unlimited == nil)
        }
        group.shutDown()
        redis.stop()
    }
}
