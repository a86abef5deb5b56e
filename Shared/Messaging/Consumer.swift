import Lifecycle
package import Net
package import Observability
package import Redis

/// Brings the events of several services to one reaction, each once, those of one source in their order. The group in
/// Redis is named as the consumer; each source is read on a connection of its own.
package struct Consumer: Service {
    package let name: String
    private let streams: [StreamConsumer]

    /// - Parameters:
    ///   - sources: the services whose events are heard.
    ///   - redis: for everything that does not wait.
    package init(
        _ handling: Handling, of sources: [String], redis: RedisClient, group: EventLoopGroup,
        channels: Channels = Channels(), pace: Pace = Pace(), metrics: Metrics
    ) {
        name = "consumer \(handling.consumer)"
        let holder = String(UInt64.random(in: 0 ... .max), radix: 36)
        streams = sources.map { source in
            StreamConsumer(
                source: source, handling: handling, redis: redis,
                reader: StreamReader(redis.settings, on: group.any()),
                lease: LeaderLease(
                    key: channels.lead(of: handling.consumer, over: source), holder: holder, lease: pace.lease,
                    redis: redis),
                stream: channels.stream(of: source), pace: pace,
                meter: FeedMeter(metrics, consumer: handling.consumer, source: source))
        }
    }

    /// Returns when the events at hand are done.
    package func run() async throws {
        await withDiscardingTaskGroup { tasks in
            for feed in streams { tasks.addTask { await feed.run() } }
        }
    }
}

/// What is counted of one source.
struct FeedMeter: Sendable {
    let consumed: Counter
    let repeated: Counter
    let dead: Counter
    let lag: Gauge

    init(_ metrics: Metrics, consumer: String, source: String) {
        let labels: KeyValuePairs<StaticString, String> = ["consumer": consumer, "source": source]
        consumed = metrics.counter("praxis_events_consumed_total", "Events whose effect was made.", labels)
        repeated = metrics.counter(
            "praxis_events_repeated_total", "Events that came again.", labels)
        dead = metrics.counter("praxis_events_dead_total", "Events given up and kept as dead letters.", labels)
        lag = metrics.gauge("praxis_events_lag", "Entries of the stream not yet handled.", labels)
    }
}
