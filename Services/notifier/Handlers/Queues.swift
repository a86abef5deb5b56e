package import API
package import Kernel
package import Web

/// Queue lengths and throughput of deliveries and events.
package struct Queues: Sendable {
    private let queues: QueueStore
    private let streams: any StreamSource
    private let clock: any WallClock

    package init(queues: QueueStore, streams: any StreamSource, clock: any WallClock) {
        self.queues = queues
        self.streams = streams
        self.clock = clock
    }

    package func show(_: NoInput, _ call: Call) async throws -> Item<QueuesView> {
        let deliveries = try await queues.deliveries(at: clock.now)
        let webhooks = try await queues.webhooks(at: clock.now)
        let dead = try await queues.deadLetters(of: ServiceName.notifier.rawValue)
        var events: [EventQueueView] = []
        for source in streams.sources {
            let standing = await streams.standing(of: source)
            events.append(
                EventQueueView(
                    source: source, behind: standing?.behind, pending: standing?.pending,
                    repaired: standing?.repaired, deadLetters: dead[source] ?? 0))
        }
        return Item(QueuesView(deliveries: deliveries, webhooks: webhooks, events: events))
    }
}
