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
