import Jobs
import Lifecycle
package import Net
package import Observability
package import Redis

/// Delivers the events of several services to one handler: each event once, the events of one source in order. The
/// consumer group in Redis has the consumer's name; each source is read on a connection of its own.
package struct Consumer: Service {
    package let name: String
    private let streams: [StreamConsumer]
    /// Handles what an operator marked (`praxis events retry`).
    private let retries: PeriodicJob

    /// - Parameters:
    ///   - sources: the services whose events are consumed.
    ///   - redis: for all commands that do not block.
    package init(
        _ handler: EventHandler, of sources: [String], redis: RedisClient, group: EventLoopGroup,
        channels: Channels = Channels(), options: ConsumerOptions = ConsumerOptions(), metrics: Metrics
    ) {
        name = "consumer \(handler.consumer)"
        retries = PeriodicJob(
            "dead letters of \(handler.consumer)", every: .seconds(2), metrics: metrics,
            draining: { try await handler.deadLetters.retryNext(with: handler) })
        let holder = LeaderLease.newHolder()
        streams = sources.map { source in
            StreamConsumer(
                source: source, handler: handler, redis: redis,
                reader: StreamReader(redis.settings, on: group.any()),
                lease: LeaderLease(
                    key: channels.lease(of: handler.consumer, over: source), holder: holder, lease: options.lease,
                    redis: redis),
                stream: channels.stream(of: source), options: options,
                metrics: ConsumerMetrics(metrics, consumer: handler.consumer, source: source))
        }
    }

    /// Returns when the events at hand are done.
    package func run() async throws {
        await withDiscardingTaskGroup { tasks in
            for stream in streams { tasks.addTask { await stream.run() } }
            tasks.addTask { await retries.run() }
        }
    }
}
