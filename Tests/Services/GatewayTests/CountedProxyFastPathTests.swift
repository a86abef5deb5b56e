import API
import Gateway
import Glibc
import HTTP
import Kernel
import Lifecycle
import Net
import Redis
import TestSupport
import Testing

/// The fast path of a gateway that counts in Redis.
@Suite struct CountedProxyFastPathTests {
    private struct Answer: Sendable, Equatable {
        let status: Int
        let remaining: Int?
    }

    private static func ask(_ fixture: GatewayFixture, _ token: String) async throws -> Answer {
        let answer = try await fixture.ask(.get, "/api/patients", ["Authorization": "Bearer \(token)"])
        return Answer(
            status: answer.status, remaining: answer.headers["ratelimit-remaining"].flatMap { Int($0) })
    }

    /// Five requests of the same account through another gateway: from then on Redis and we count differently.
    private static func askElsewhere(_ redis: TestRedis) async throws {
        try await GatewayFixture.with(redis: redis.settings) { fixture in
            let token = try fixture.token()
            for left in (995...999).reversed() { #expect(try await ask(fixture, token).remaining == left) }
        }
    }

    /// Lets `body` ask while a Redis that has counted otherwise than we, and answered once, says nothing any more.
    private static func stalled(
        timeout: Duration, _ body: @escaping @Sendable (TestRedis, GatewayFixture, String) async throws -> Void
    ) async throws {
        let redis = TestRedis()
        try await askElsewhere(redis)
        var settings = redis.settings
        settings.timeout = timeout
        try await GatewayFixture.with(redis: settings) { fixture in
            let token = try fixture.token()
            _ = try await ask(fixture, token)
            #expect(try await ask(fixture, token) == Answer(status: 200, remaining: 993))
            redis.signal(SIGSTOP)
            try await body(redis, fixture, token)
        }
        redis.stop()
    }

    private static func until(_ fixture: GatewayFixture, _ isSo: @Sendable () async throws -> Bool) async throws {
        if try await !fixture.group.comesToHold(isSo) { Issue.record("it never came to that") }
    }

    @Test func `a limit counts each request once, and is refused as the gateway refuses`() async throws {
        let redis = TestRedis()
        try await GatewayFixture.with(environment: ["RATE_LIMIT_AUTHENTICATED": "10/1h"], redis: redis.settings) {
            fixture in
            let token = try fixture.token()
            var answers: [Answer] = []
            for _ in 0..<12 { answers.append(try await Self.ask(fixture, token)) }
            let good = (0..<10).reversed().map { Answer(status: 200, remaining: $0) }
            #expect(answers == good + Array(repeating: Answer(status: 429, remaining: 0), count: 2))
            #expect(fixture.ways.now == .init(asked: 11, carried: 9, finished: 2))
            #expect(fixture.seen.withLock { $0.count } == 10)
            // A token nobody has verified yet takes a task from the start; the account is the same.
            let other = try fixture.token(session: ID(high: 2, low: 3))
            let refusals = [try await Self.refusal(fixture, token), try await Self.refusal(fixture, other)]
            #expect(fixture.ways.now == .init(asked: 12, carried: 9, finished: 3))
            #expect(refusals[0] == refusals[1] && refusals[0].count > 12)
            #expect(refusals[0].contains("Retry-After") && refusals[0].contains("RateLimit-Limit: 10"))
        }
        redis.stop()
    }

    /// The fields of a refusal; of what says how many seconds are left, and of what is each answer's own, the name
    /// alone.
    private static func refusal(_ fixture: GatewayFixture, _ token: String) async throws -> [String] {
        let answer = try await fixture.ask(.get, "/api/patients", ["Authorization": "Bearer \(token)"])
        #expect(answer.status == 429)
        let changing: Set = [
            "Date", "X-Request-Id", "RateLimit-Reset", "RateLimit", "Retry-After", "Content-Length",
        ]
        return answer.headers.all.map { changing.contains($0.name) ? $0.name : "\($0.name): \($0.value)" }
    }

    @Test func `a Redis that has forgotten the script still counts each request once`() async throws {
        let redis = TestRedis()
        try await Self.askElsewhere(redis)
        try await GatewayFixture.with(redis: redis.settings) { fixture in
            let other = RedisClient(redis.settings, group: fixture.group)
            let token = try fixture.token()
            var answers: [Answer] = []
            for _ in 0..<6 {
                answers.append(try await Self.ask(fixture, token))
                _ = try await other.command("SCRIPT", "FLUSH")
            }
            #expect(answers == (0..<6).map { Answer(status: 200, remaining: 994 - $0) })
            #expect(fixture.ways.now == .init(asked: 5, carried: 5))
            other.close()
        }
        redis.stop()
    }

    @Test func `a Redis that stalls holds a request up for its time, then it is counted here`() async throws {
        try await Self.stalled(timeout: .milliseconds(200)) { redis, fixture, token in
            let begin = MonotonicTime.now
            #expect(try await Self.ask(fixture, token) == Answer(status: 200, remaining: 997))
            let took = begin.duration(to: .now)
            #expect(took >= .milliseconds(200) && took < .seconds(2))
            #expect(fixture.ways.now == .init(asked: 2, carried: 2))
            // While it is away nobody waits for it; each request is counted here.
            #expect(try await Self.ask(fixture, token) == Answer(status: 200, remaining: 996))
            redis.signal(SIGCONT)
            let before = fixture.ways.now.asked
            try await Self.until(fixture) {
                let answer = try await Self.ask(fixture, token)
                #expect(answer.status == 200)
                return fixture.ways.now.asked > before
            }
        }
    }

    @Test func `a Redis that dies while it is asked leaves the count to us, at once`() async throws {
        try await Self.stalled(timeout: .seconds(60)) { redis, fixture, token in
            let begin = MonotonicTime.now
            async let held = Self.ask(fixture, token)
            try await Self.until(fixture) { fixture.ways.now.asked == 2 }
            redis.signal(SIGKILL)
            let answer = try await held
            #expect(answer == Answer(status: 200, remaining: 997))
            #expect(fixture.ways.now == .init(asked: 2, carried: 2))
            for left in [996, 995, 994] {
                #expect(try await Self.ask(fixture, token) == Answer(status: 200, remaining: left))
            }
            #expect(begin.duration(to: .now) < .seconds(20))
        }
    }

    /// Who leaves while he is counted was counted, once, and nothing of his reaches the owner's next request.
    @Test func `a client that leaves while Redis is asked is counted and let go`() async throws {
        let redis = TestRedis()
        try await GatewayFixture.with(redis: redis.settings) { fixture in
            let token = try fixture.token()
            _ = try await Self.ask(fixture, token)
            redis.signal(SIGSTOP)
            let stream = try await fixture.connect()
            stream.output.append(
                contentsOf:
                    "GET /api/patients HTTP/1.1\r\nHost: localhost:8000\r\nAuthorization: Bearer \(token)\r\n\r\n"
                    .utf8)
            stream.flush()
            try await Self.until(fixture) { fixture.ways.now.asked == 1 }
            stream.close()
            redis.signal(SIGCONT)
            try await Self.until(fixture) { fixture.gateway.connections == 1 }
            #expect(try await Self.ask(fixture, token) == Answer(status: 200, remaining: 997))
        }
        redis.stop()
    }
}
