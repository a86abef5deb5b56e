package import API
package import GatewayDomain
package import Kernel
import Lifecycle
package import Observability
package import Redis

/// Counts requests: in Redis, one script a request, so that all gateways count together; and always here as well, so
/// that a gateway that loses Redis goes on with what it knows instead of granting everybody a fresh start.
package final class RateCounters: Sendable {
    private let redis: RedisClient?
    /// By the class's place; nil for one that is not limited.
    let rules: [RateRule?]
    private let windows: Locked<BoundedCache<CountedKey, RateWindow>>
    private let refused: Counter
    private let counted: Counter
    private let missed: Counter

    /// - Parameter replicas: gateways in all; without Redis each grants its share.
    package init(redis: RedisClient?, limits: [RateClass: RateLimit], replicas: Int, metrics: Metrics) {
        self.redis = redis
        rules = RateClass.allCases.sorted { $0.place < $1.place }.map { rateClass in
            limits[rateClass].map { RateRule(rateClass, $0, replicas: replicas) }
        }
        windows = Locked(BoundedCache(capacity: 200_000))
        counted = metrics.counter("praxis_rate_limit_counted_total", "Requests counted in Redis.")
        missed = metrics.counter("praxis_rate_limit_local_total", "Requests counted here alone, Redis being away.")
        refused = metrics.counter("praxis_rate_limit_refused_total", "Requests refused by a limit.")
    }

    package func rule(_ rateClass: RateClass) -> RateRule? { rules[rateClass.place] }

    /// Whether there is no Redis to count together in now.
    package var isAlone: Bool { redis?.isAway ?? true }

    /// Counts one request of `key` under the rule.
    package func count(_ rule: RateRule, of key: RateKey, at now: Instant) async -> RateVerdict {
        let here = countHere(rule, key, at: now)
        guard let shared = await countTogether(rule, key) else { return decided(here, by: missed) }
        return decided(shared, by: counted)
    }

    /// The same without a wait, while `isAlone`.
    package func countAlone(_ rule: RateRule, of key: RateKey, at now: Instant) -> RateVerdict {
        decided(countHere(rule, key, at: now), by: missed)
    }

    private func decided(_ verdict: RateVerdict, by counter: Counter) -> RateVerdict {
        counter.add()
        if !verdict.isAllowed { refused.add() }
        return verdict
    }

    private func countHere(_ rule: RateRule, _ key: RateKey, at now: Instant) -> RateVerdict {
        windows.withLock {
            $0.update(CountedKey(place: rule.place, key: key), else: RateWindow()) { $0.count(rule.own, at: now) }
        }
    }

    private func countTogether(_ rule: RateRule, _ key: RateKey) async -> RateVerdict? {
        guard let redis, !redis.isAway else { return nil }
        let limit = rule.limit
        let answer = try? await Self.script.run(
            on: redis, keys: [RESPArgument("praxis:rate:\(rule.rateClass.rawValue):\(key.text)")],
            [RESPArgument(limit.number), RESPArgument(limit.bucket), RESPArgument(RateLimit.buckets)])
        guard let words = answer?.array, words.count == 3, let allowed = words[0].integer, let used = words[1].integer,
            let reset = words[2].integer
        else { return nil }
        return RateVerdict(
            isAllowed: allowed == 1, limit: limit.number, remaining: max(0, limit.number - Int(clamping: used)),
            resetSeconds: max(1, Duration.microseconds(reset).secondsRoundedUp))
    }

    /// `RateWindow.count`, word for word, on Redis' own clock.
    private static let script = Script(
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local number, width, buckets = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        local bucket = math.floor(now / width)
        local counts = redis.call('HGETALL', KEYS[1])
        local used, oldest = 0, bucket
        for i = 1, #counts, 2 do
            local at = tonumber(counts[i])
            if at <= bucket - buckets - 1 then
                redis.call('HDEL', KEYS[1], counts[i])
            else
                used = used + tonumber(counts[i + 1])
                if at < oldest then oldest = at end
            end
        end
        local allowed = 0
        if used < number then
            allowed = 1
            redis.call('HINCRBY', KEYS[1], string.format('%.0f', bucket), 1)
            redis.call('PEXPIRE', KEYS[1], math.ceil(width * (buckets + 2) / 1000))
        end
        return {allowed, used + allowed, (oldest + buckets + 1) * width - now}
        """)
}
