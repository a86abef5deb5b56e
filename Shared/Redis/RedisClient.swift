internal import Lifecycle
package import Net
package import Observability

/// Redis as a service uses it: one connection per event loop, commands of one turn in one write. A call made on a loop
/// of the group stays there; any other is served by one of them.
package final class RedisClient: Sendable {
    package let settings: RedisSettings
    private let group: EventLoopGroup
    private let connections: [LoopConnection]
    private let locals: [LocalRedis]
    private let times: Histogram
    private let faults: Counter
    private let breaks = Locked(0)

    package init(_ settings: RedisSettings, group: EventLoopGroup, metrics: Metrics = Metrics()) {
        self.settings = settings
        self.group = group
        let resolver = Resolver(pool: BlockingPool(name: "redis-names", threads: 1, queue: 64))
        let times = metrics.histogram("praxis_redis_seconds", "Time spent on commands to Redis.")
        let faults = metrics.counter("praxis_redis_faults_total", "Commands that got no answer from Redis.")
        connections = group.loops.map { [breaks] in
            LoopConnection(loop: $0, settings: settings, resolver: resolver, breaks: breaks)
        }
        locals = connections.map { LocalRedis($0, times: times, faults: faults) }
        self.times = times
        self.faults = faults
    }

    /// One command: `try await redis.command("SET", key, value, "PX", 500)`. A refusal is thrown.
    package func command(_ words: RESPArgument...) async throws(RedisError) -> RESPValue {
        try await command(words)
    }

    package func command(_ words: [RESPArgument], timeout: Duration? = nil) async throws(RedisError) -> RESPValue {
        let local = connection()
        let begin = MonotonicTime.now
        let timeout = timeout ?? settings.timeout
        defer { times.observe(begin.duration(to: .now)) }
        do {
            return try await PendingReply.wait(
                on: local.loop, until: .after(timeout, from: begin), late: { RedisError.timedOut }
            ) { local.submit(LoopConnection.Command(words: words, reply: $0, timeout: timeout)) }
        } catch let error as RedisError {
            if error.code == nil { faults.add() }
            throw error
        } catch {
            throw .cancelled
        }
    }

    /// What the calling loop has of Redis; nil on none of the group's.
    package var local: LocalRedis? {
        guard let loop = EventLoop.current, loop.index < locals.count, connections[loop.index].loop === loop else {
            return nil
        }
        return locals[loop.index]
    }

    /// Whether Redis answers now, and can be written to: for readiness.
    package func ping() async throws(RedisError) {
        let answer: RedisConnection.Answer
        do throws(RedisError) { answer = .success(try await command(ServerRole.question)) } catch {
            answer = .failure(error)
        }
        if let fault = ServerRole.fault(answer) { throw fault }
    }

    /// Grows with each connection that broke: what was known of the server's state before may no longer be true.
    package var brokenConnections: Int { breaks.withLock { $0 } }

    /// Closes the connections of all loops; commands after that throw `closed`.
    package func close() {
        for local in connections { local.loop.execute { local.close() } }
    }

    private func connection() -> LoopConnection {
        if let loop = EventLoop.current, loop.index < connections.count, connections[loop.index].loop === loop {
            return connections[loop.index]
        }
        return connections[group.any().index]
    }
}
