internal import Lifecycle
package import Net
package import Observability

/// Redis as a service uses it: one connection per event loop, commands of one turn in one write. A call made on a loop
/// of the group stays there; any other is served by one of them.
package final class RedisClient: Sendable {
    package let settings: RedisSettings
    private let group: EventLoopGroup
    private let lanes: [RedisLane]
    private let seats: [RedisSeat]
    private let times: Histogram
    private let faults: Counter

    package init(_ settings: RedisSettings, group: EventLoopGroup, metrics: Metrics = Metrics()) {
        self.settings = settings
        self.group = group
        let resolver = Resolver(pool: BlockingPool(name: "redis-names", threads: 1, queue: 64))
        let times = metrics.histogram("praxis_redis_seconds", "Time spent on commands to Redis.")
        let faults = metrics.counter("praxis_redis_faults_total", "Commands that got no answer from Redis.")
        lanes = group.loops.map { RedisLane(loop: $0, settings: settings, resolver: resolver) }
        seats = lanes.map { RedisSeat($0, times: times, faults: faults) }
        (self.times, self.faults) = (times, faults)
    }

    /// One command: `try await redis.command("SET", key, value, "PX", 500)`. A refusal is thrown.
    package func command(_ words: RESPArgument...) async throws(RedisError) -> RESPValue {
        try await command(words)
    }

    package func command(_ words: [RESPArgument], timeout: Duration? = nil) async throws(RedisError) -> RESPValue {
        let lane = lane()
        let begin = MonotonicTime.now
        let timeout = timeout ?? settings.timeout
        defer { times.observe(begin.duration(to: .now)) }
        do {
            return try await PendingReply.wait(
                on: lane.loop, until: .after(timeout, from: begin), late: { RedisError.timedOut }
            ) { lane.submit(RedisLane.Command(words: words, asked: $0, timeout: timeout)) }
        } catch let error as RedisError {
            if error.code == nil { faults.add() }
            throw error
        } catch {
            throw .cancelled
        }
    }

    /// What the calling loop has of Redis; nil on none of the group's.
    package var seat: RedisSeat? {
        guard let loop = EventLoop.current, loop.index < seats.count, lanes[loop.index].loop === loop else {
            return nil
        }
        return seats[loop.index]
    }

    /// Whether Redis answers now: for readiness.
    package func ping() async throws(RedisError) { _ = try await command("PING") }

    /// Closes the connections of all loops; commands after that throw `closed`.
    package func close() {
        for lane in lanes { lane.loop.execute { lane.close() } }
    }

    private func lane() -> RedisLane {
        if let loop = EventLoop.current, loop.index < lanes.count, lanes[loop.index].loop === loop {
            return lanes[loop.index]
        }
        return lanes[group.any().index]
    }
}
