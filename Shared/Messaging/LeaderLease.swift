import Lifecycle
import Redis

/// Leader election among a consumer's replicas: one reads a stream at a time. The lease is a Redis key of a few
/// seconds, which may be lost with all else there. So a leader trusts its last renewal for a third of the lease, and no
/// longer than its connections to Redis last; and a new leader that found no key waits that long before it reads.
/// Correctness does not rest on it: two leaders handle the same entries in the same order (`StreamConsumer`).
struct LeaderLease: Sendable {
    let key: String
    let holder: String
    let lease: Duration
    let redis: RedisClient
    private let state = Locked(State.follower)

    private enum State {
        case follower
        /// The lease is this one's, and another may still believe that it leads.
        case waiting(until: MonotonicTime)
        case leader(renewed: MonotonicTime, breaks: Int)
    }

    /// A name for a leader: who it is on its machine, and which of its consumers.
    static func newHolder() -> String {
        let number = String(UInt64.random(in: 0 ... .max), radix: 36)
        return (ProcessMark.own.map { "\($0)/" } ?? "") + number
    }

    /// How long a leader believes what Redis said last.
    private var trust: Duration { lease / 3 }

    /// How long to wait before asking again whether this one leads.
    var pause: Duration {
        guard case .waiting(let until) = state.withLock({ $0 }) else { return lease / 6 }
        return max(MonotonicTime.now.duration(to: until), .milliseconds(1))
    }

    /// True while this replica is the leader.
    func acquireOrRenew() async throws(RedisError) -> Bool {
        let breaks = redis.brokenConnections
        if isTrusted(breaks) { return true }
        let sentAt = MonotonicTime.now
        let milliseconds = RESPArgument(lease.wholeNanoseconds / 1_000_000)
        let answer: RESPValue
        do {
            answer = try await Self.renewScript.run(
                on: redis, keys: [RESPArgument(key)], [RESPArgument(holder), milliseconds])
        } catch {
            forget()
            throw error
        }
        guard let parts = answer.array, let outcome = parts.first?.text else { throw .unexpectedAnswer }
        if outcome == "taken", let other = parts.last?.text, Self.isGone(other), try await inherit(from: other) {
            return settle("inherited", sentAt: sentAt, breaks)
        }
        return settle(outcome, sentAt: sentAt, breaks)
    }

    /// Whether the holder is a process of this machine that has ended: a killed one resigns nothing.
    private static func isGone(_ holder: String) -> Bool {
        guard let end = holder.lastIndex(of: "/") else { return false }
        return ProcessMark(holder[..<end])?.isGone == true
    }

    private func inherit(from other: String) async throws(RedisError) -> Bool {
        let milliseconds = RESPArgument(lease.wholeNanoseconds / 1_000_000)
        let answer = try await Self.inheritScript.run(
            on: redis, keys: [RESPArgument(key)], [RESPArgument(holder), milliseconds, RESPArgument(other)])
        return answer.integer == 1
    }

    /// What Redis said last may no longer be true.
    func forget() { state.withLock { $0 = .follower } }

    private func isTrusted(_ breaks: Int) -> Bool {
        guard case .leader(let renewed, let known) = state.withLock({ $0 }) else { return false }
        return known == breaks && renewed.duration(to: .now) < trust
    }

    private func settle(_ answer: String, sentAt: MonotonicTime, _ breaks: Int) -> Bool {
        let now = MonotonicTime.now
        return state.withLock { state in
            switch (answer, state) {
            case ("renewed", .waiting(let until)) where now < until: return false
            case ("renewed", _), ("inherited", _):
                state = .leader(renewed: sentAt, breaks: breaks)
                return true
            case ("found nobody", _):
                state = .waiting(until: now.advanced(by: trust))
                return false
            default:
                state = .follower
                return false
            }
        }
    }

    /// The next replica need not wait: it finds that this one resigned.
    func release() async {
        forget()
        let milliseconds = RESPArgument(lease.wholeNanoseconds / 1_000_000)
        _ = try? await Self.releaseScript.run(
            on: redis, keys: [RESPArgument(key)], [RESPArgument(holder), milliseconds])
    }

    private static let renewScript = Script(
        """
        local holder = redis.call('GET', KEYS[1])
        if holder and holder ~= ARGV[1] and holder ~= 'resigned' then return {'taken', holder} end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        if not holder then return {'found nobody'} end
        if holder == ARGV[1] then return {'renewed'} end
        return {'inherited'}
        """)

    private static let inheritScript = Script(
        """
        if redis.call('GET', KEYS[1]) ~= ARGV[3] then return 0 end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return 1
        """)

    private static let releaseScript = Script(
        """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], 'resigned', 'PX', ARGV[2])
        return 1
        """)
}
