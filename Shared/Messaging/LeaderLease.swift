import Lifecycle
import Redis

/// Leader election among a consumer's replicas: one reads a stream at a time, so that the events of one subject are
/// handled in order. The lease is a Redis key of a few seconds; a new leader first claims what its predecessor left
/// pending.
struct LeaderLease: Sendable {
    let key: String
    let holder: String
    let lease: Duration
    let redis: RedisClient
    private let renewedAt = Locked<MonotonicTime?>(nil)

    /// True while this replica is the leader; asks Redis when a third of the lease is over.
    func acquireOrRenew() async throws(RedisError) -> Bool {
        if let last = renewedAt.withLock({ $0 }), last.duration(to: .now) < lease / 3 { return true }
        let sentAt = MonotonicTime.now
        let milliseconds = RESPArgument(lease.wholeNanoseconds / 1_000_000)
        let answer: RESPValue
        do {
            answer = try await Self.renewScript.run(
                on: redis, keys: [RESPArgument(key)], [RESPArgument(holder), milliseconds])
        } catch {
            renewedAt.withLock { $0 = nil }
            throw error
        }
        let isLeader = answer.integer == 1
        renewedAt.withLock { $0 = isLeader ? sentAt : nil }
        return isLeader
    }

    func release() async {
        renewedAt.withLock { $0 = nil }
        _ = try? await Self.releaseScript.run(on: redis, keys: [RESPArgument(key)], [RESPArgument(holder)])
    }

    private static let renewScript = Script(
        """
        local holder = redis.call('GET', KEYS[1])
        if holder and holder ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return 1
        """)

    private static let releaseScript = Script(
        "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0")
}
