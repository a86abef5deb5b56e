import API
import Jobs
package import Kernel
import Lifecycle
package import Observability

/// Shows on `/metrics` what waits, and for how long: every quarter of a minute, by two questions.
package struct MeasureQueues: Service {
    package let name = "delivery measures"
    private let queues: QueueStore
    private let clock: any WallClock
    private let metrics: Metrics
    private let gauges: [DeliveryChannel: (waiting: Gauge, oldest: Gauge)]
    private let webhooks: (waiting: Gauge, oldest: Gauge, failing: Gauge)
    private static let interval: Duration = .seconds(15)

    package init(queues: QueueStore, clock: any WallClock, metrics: Metrics) {
        self.queues = queues
        self.clock = clock
        self.metrics = metrics
        gauges = Dictionary(
            uniqueKeysWithValues: DeliveryChannel.allCases.map { channel in
                let waiting = metrics.gauge(
                    "praxis_deliveries_waiting", "Messages not yet sent nor given up.", ["channel": channel.rawValue])
                let oldest = metrics.gauge(
                    "praxis_deliveries_oldest_seconds", "How long the oldest of them waits.",
                    ["channel": channel.rawValue])
                return (channel, (waiting, oldest))
            })
        webhooks = (
            metrics.gauge("praxis_webhook_deliveries_waiting", "Events not yet posted to webhooks nor given up."),
            metrics.gauge("praxis_webhook_deliveries_oldest_seconds", "How long the oldest of them waits."),
            metrics.gauge("praxis_webhooks_failing", "Webhooks that are on and whose latest tries all failed.")
        )
    }

    package func run() async throws {
        await PeriodicJob(name, every: Self.interval, metrics: metrics, work: { try await measure() }).run()
    }

    package func measure() async throws {
        for queue in try await queues.deliveries(at: clock.now) {
            gauges[queue.channel]?.waiting.set(Double(queue.waiting))
            gauges[queue.channel]?.oldest.set(Double(queue.oldestSeconds))
        }
        let queue = try await queues.webhooks(at: clock.now)
        webhooks.waiting.set(Double(queue.waiting))
        webhooks.oldest.set(Double(queue.oldestSeconds))
        webhooks.failing.set(Double(queue.failing))
    }
}
