import Lifecycle
import Redis

/// Which of a consumer's replicas reads a stream: one at a time, so that facts of one subject are handled in their
/// order. A lease in Redis, of a few seconds; who gets it first takes over what its predecessor left unfinished, so
/// that a predecessor that only seemed dead finds its work done when it wakes.
struct LeaderLease: Sendable {
    let key: String
    let holder: String
    let lease: Duration
    private let redis: RedisClient
    private let renewed = Locked<MonotonicTime?>(nil)

    init(key: String, holder: String, lease: Duration, redis: RedisClient) {
        (self.key, self.holder, self.lease, self.redis) = (key, holder, lease, redis)
    }

    /// True while this one leads; asks Redis when a third of the lease is over.
    func hold() async throws(RedisError) -> Bool {
        if let last = renewed.withLock({ $0 }), last.duration(to: .now) < lease / 3 { return true }
        let begin = MonotonicTime.now
        let milliseconds = RESPArgument(lease.wholeNanoseconds / 1_000_000)
        let answer: RESPValue
        do {
            answer = try await Self.renewal.run(
                on: redis, keys: [RESPArgument(key)], [RESPArgument(holder), milliseconds])
        } catch {
            renewed.withLock { $0 = nil }
            throw error
        }
        let isMine = answer.integer == 1
        renewed.withLock { $0 = isMine ? begin : nil }
        return isMine
    }

    func release() async {
        renewed.withLock { $0 = nil }
        _ = try? await Self.end.run(on: redis, keys: [RESPArgument(key)], [RESPArgument(holder)])
    }

    private static let renewal = Script(
        """
        local holder = redis.call('GET', KEYS[1])
        if holder and holder ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return 1
        """)

    private static let end = Script(
        "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0")
}
