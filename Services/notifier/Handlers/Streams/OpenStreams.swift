package import API
import Kernel
import Lifecycle
package import Net
package import NotifierDomain
package import Observability
package import Postgres

/// The streams that this process serves. A stream has no task but its connection's, which sleeps, and no buffer; what
/// wakes it comes from the database, whoever numbered the event.
package final class OpenStreams: Sendable {
    private let live: LiveStore
    private let tickets: StreamTicketStore
    private let table: StreamTable
    private let limits: StreamLimits
    private let shards: [StreamShard]
    private let opened = Locked(UInt64(0))
    private let open: Gauge
    private let metrics: Metrics

    package init(
        live: LiveStore, tickets: StreamTicketStore, group: EventLoopGroup, limits: StreamLimits = StreamLimits(),
        metrics: Metrics
    ) {
        let table = StreamTable(limits)
        self.live = live
        self.tickets = tickets
        self.table = table
        self.limits = limits
        self.metrics = metrics
        shards = group.loops.map { StreamShard($0, live: live, tickets: tickets, table: table, limits: limits) }
        open = metrics.gauge("praxis_live_streams", "Streams of events that are open.")
    }

    package var count: Int { table.count }

    /// Whether no other is taken: so many are open, or the process stops.
    package var isClosed: Bool { table.isClosed }

    /// The answer that is the stream.
    package func stream(of owner: StreamOwner, from beginning: StreamBeginning) -> EventStream<LiveEventView> {
        EventStream { [self] sink in
            guard let loop = EventLoop.current, loop.index < shards.count, shards[loop.index].loop === loop else {
                sink.end()
                return { _ in }
            }
            let stream = LiveStream(
                owner, number: nextNumber(), at: beginning.position,
                until: loop.now.advanced(by: limits.lifetime * Double.random(in: 0.9...1.1)), on: shards[loop.index],
                sink)
            for replaced in table.insert(stream) { replaced.endSoon(.replaced) }
            open.add()
            stream.begin(beginning)
            let slot = stream.shard.add(stream)
            if table.isDraining { stream.end(.shutdown) }
            return { [self] end in close(stream, end, pingedAt: slot) }
        }
    }

    private func nextNumber() -> UInt64 {
        opened.withLock { number in
            number += 1
            return number
        }
    }

    private func close(_ stream: LiveStream, _ end: EventStreamEnd, pingedAt slot: Int) {
        stream.shard.remove(stream, pingedAt: slot)
        table.remove(stream)
        open.subtract()
        metrics.counter(
            "praxis_live_streams_ended_total", "Streams of events that ended, by why.",
            ["reason": stream.hasEnded(end)]
        ).add()
    }

    // MARK: What the database says

    /// The channels on which it says it.
    package var channels: [String] { [live.channel, tickets.ticketChannel, tickets.sessionChannel] }

    package func hear(_ event: DatabaseListener.Event) {
        switch event {
        case .connected: for shard in shards { shard.loop.execute { shard.wakeAll() } }
        case .notified(live.channel, let payload):
            let accounts = payload.split(separator: ",").compactMap { ID<Account>(String($0)) }
            for (shard, own) in table.shards(of: accounts) { shard.loop.execute { shard.wake(own) } }
        case .notified(tickets.sessionChannel, let payload):
            let sessions = Set(payload.split(separator: ",").compactMap { ID<Session>(String($0)) })
            for shard in shards { shard.loop.execute { shard.end(sessions) } }
        case .notified(tickets.ticketChannel, let payload):
            let words = payload.split(separator: " ")
            guard words.count == 2, let opening = Int64(words[1]) else { return }
            table.stream(by: String(words[0]), before: opening)?.endSoon(.replaced)
        case .notified: break
        }
    }

    /// The process stops: no other is taken, and all end within that time.
    package func drain(within time: Duration) {
        table.drain()
        for shard in shards { shard.loop.execute { shard.drain(within: time) } }
    }
}
