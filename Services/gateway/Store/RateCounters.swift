package import API
package import GatewayDomain
package import Kernel
import Lifecycle
package import Observability
package import Redis

/// Counts requests: in Redis, one script a request, so that all gateways count together; and always here as well, so
/// that a gateway that loses Redis goes on with what it knows instead of granting everybody a fresh start.
package final class RateCounters: Sendable {
    /// What became of a count.
    package enum Counting: Sendable {
        /// The class has no limit.
        case unlimited
        /// It was counted here alone, Redis not being there.
        case alone(RateVerdict)
        /// Redis was asked: the listener hears the verdict in a later turn.
        case asked
        /// Nothing was counted: this loop has yet to connect to Redis.
        case unconnected
    }

    private let redis: RedisClient?
    /// By the class's index; nil for one that is not limited.
    let rules: [RateRule?]
    private let together: [SharedCount?]
    private let windows: Locked<BoundedCache<CountedKey, RateWindow>>
    private let refused: Counter
    private let counted: Counter
    private let missed: Counter

    /// - Parameter replicas: gateways in all; without Redis each grants its share.
    package init(redis: RedisClient?, limits: [RateClass: RateLimit], replicas: Int, metrics: Metrics) {
        self.redis = redis
        rules = RateClass.allCases.sorted { $0.index < $1.index }.map { rateClass in
            limits[rateClass].map { RateRule(rateClass, $0, replicas: replicas) }
        }
        together = rules.map { $0.map(SharedCount.init) }
        windows = Locked(BoundedCache(capacity: 200_000))
        counted = metrics.counter("praxis_rate_limit_counted_total", "Requests counted in Redis.")
        missed = metrics.counter("praxis_rate_limit_local_total", "Requests counted here alone, Redis being away.")
        refused = metrics.counter("praxis_rate_limit_refused_total", "Requests refused by a limit.")
    }

    /// What the calling loop has of Redis; kept by who counts there often.
    package var local: LocalRedis? { redis?.local }

    /// Counts one request of `key`; nil when the class has no limit. On a loop.
    package func count(_ rateClass: RateClass, of key: RateKey, at now: Instant) async -> RateVerdict? {
        let local = await connected()
        return await withCheckedContinuation { waiting in
            let listener = Waiting(waiting)
            var counting = count(rateClass, of: key, at: now, over: local, listener)
            // Lost again just now: whoever waited once for a connection is counted without one.
            if case .unconnected = counting { counting = count(rateClass, of: key, at: now, over: nil, listener) }
            switch counting {
            case .unlimited, .unconnected: waiting.resume(returning: nil)
            case .alone(let verdict): waiting.resume(returning: verdict)
            case .asked: break
            }
        }
    }

    /// What this loop has of Redis; nil when there is none to be connected to. The first one to ask has to wait.
    private func connected() async -> LocalRedis? {
        guard let redis, let local, local.condition == .connecting else { return local }
        try? await redis.ping()
        return local.condition == .connecting ? nil : local
    }

    /// The same from the loop itself, without a wait. `local` is that loop's.
    package func count(
        _ rateClass: RateClass, of key: RateKey, at now: Instant, over local: LocalRedis?, _ listener: any RateListener
    ) -> Counting {
        guard let rule = rules[rateClass.index] else { return .unlimited }
        let condition = local?.condition ?? .away
        if condition == .connecting { return .unconnected }
        let here = countHere(rule, key, at: now)
        guard condition == .ready, let local, let together = together[rateClass.index] else {
            return .alone(decided(here, by: missed))
        }
        together.ask(key, over: local) { [self] shared in
            listener.hear(shared.map { decided($0, by: counted) } ?? decided(here, by: missed))
        }
        return .asked
    }

    private func decided(_ verdict: RateVerdict, by counter: Counter) -> RateVerdict {
        counter.add()
        if !verdict.isAllowed { refused.add() }
        return verdict
    }

    private func countHere(_ rule: RateRule, _ key: RateKey, at now: Instant) -> RateVerdict {
        windows.withLock {
            $0.update(CountedKey(index: rule.rateClass.index, key: key), else: RateWindow()) {
                $0.count(rule.own, at: now)
            }
        }
    }
}

/// Hears, on its loop, what Redis said of a request.
package protocol RateListener: AnyObject {
    func hear(_ verdict: RateVerdict)
}

/// A task that waits for it.
private final class Waiting: RateListener {
    private let task: CheckedContinuation<RateVerdict?, Never>

    init(_ task: CheckedContinuation<RateVerdict?, Never>) { self.task = task }

    func hear(_ verdict: RateVerdict) { task.resume(returning: verdict) }
}
