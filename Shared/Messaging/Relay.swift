package import Jobs
import Lifecycle
package import Observability
package import Postgres
package import Redis

/// Moves a service's committed events from its outbox to its Redis Stream, in order, and publishes a live copy of each.
/// Woken after each commit of this process that wrote an event, and by a timer. One replica works at a time, so that
/// the events of one subject keep their order; a crash between Redis and the commit repeats entries, which consumers
/// recognise by the event's id.
package struct Relay: Service {
    package let name = "outbox relay"
    private let source: String
    private let database: Database
    private let redis: RedisClient
    private let channels: Channels
    private let wakeSignal: WakeSignal
    private let moment: Duration
    private let metrics: Metrics
    private let sent: Counter
    private let repaired: Counter
    private let waiting: Gauge
    private let brake = Locked(RepairBrake())

    /// - Parameters:
    ///   - wakeSignal: signalled after each commit of this process that wrote an event (ADR 0044).
    ///   - moment: the first event after a quiet time leaves at once, what is committed within this time after it
    ///     together.
    package init(
        source: String, database: Database, redis: RedisClient, channels: Channels, wakeSignal: WakeSignal,
        moment: Duration = .milliseconds(20), metrics: Metrics
    ) {
        self.source = source
        self.database = database
        self.redis = redis
        self.channels = channels
        self.wakeSignal = wakeSignal
        self.moment = moment
        self.metrics = metrics
        sent = metrics.counter("praxis_outbox_relayed_total", "Events moved from the outbox to the stream.")
        repaired = metrics.counter("praxis_outbox_repaired_total", "Events Redis had lost and got again.")
        waiting = metrics.gauge("praxis_outbox_waiting", "Committed events not yet in the stream; counted up to 10000.")
    }

    /// Events moved in one round trip.
    package static let batch = 200
    /// Events marked as lost in one transaction.
    static let repairBatch = 5000

    /// What one pass did.
    package enum PassResult: Sendable, Equatable {
        case moved(Int)
        /// Redis had lost so many; they are marked as not sent.
        case repaired(Int)
        /// Events go to another Redis, by another relay; this one is not sent them again.
        case refused
        /// Another replica has the lock.
        case skipped
    }

    package func run() async throws {
        // Even with nothing to send Redis is asked once a second: what it lost is noticed without new events.
        let job = PeriodicJob(
            name, every: .seconds(1), jitter: 0, backoff: Backoff(base: .milliseconds(50), cap: .seconds(1)),
            wake: wakeSignal, metrics: metrics,
            // What was committed while the service stopped goes out now, not after the next start.
            atEnd: { _ = try? await pass() }, draining: { try await step() })
        await job.run()
    }

    /// One pass; true when more is waiting.
    private func step() async throws -> Bool {
        do {
            switch try await pass() {
            case .moved(Relay.batch), .repaired: return true
            case .moved(let moved):
                waiting.set(0)
                if moved > 0 { await pause() }
                return false
            case .skipped:
                // What was committed here may be too late for what the other has read, and nobody wakes the other.
                await pause()
                return true
            case .refused:
                await count()
                return false
            }
        } catch {
            await count()
            throw error
        }
    }

    /// A moment in which nobody wakes it: what is committed in it leaves in one transaction.
    private func pause() async { await WakeSignal().wait(atMost: moment) }

    /// Moves one batch. While the answer of Redis is awaited the transaction stays open: its lock is what keeps other
    /// replicas from sending the same, and Redis answers within its time-out or not at all.
    package func pass() async throws -> PassResult {
        let result = try await move()
        if case .repaired(let count) = result { await note(repaired: count) }
        return result
    }

    private func move() async throws -> PassResult {
        try await database.transaction { tx in
            tx.findByIndexes()
            let lock = Column<Bool>(
                "pg_try_advisory_xact_lock(hashtextextended('praxis outbox ' || current_schema(), 0))")
            guard try await tx.run(lock).one else { return .skipped }
            var events = try await tx.run(Self.event) {
                "select \($0) from outbox where stream_ms is null order by position limit \(Relay.batch)"
            }
            // What is new waits behind what Redis lost, and live copies must not.
            if events.count == Relay.batch {
                let published = try await publishLive(in: tx)
                for index in events.indices where published.contains(events[index].0) { events[index].2 = true }
            }
            let last = try await lastSent(in: tx)
            let answer = try await RelayScript.run(
                on: redis, stream: channels.stream(of: source), channel: channels.live(of: source), after: last,
                events: events.map { ($0.1, isLive: $0.2) })
            switch answer {
            case .lost(let end, let server):
                try await publishLive(in: tx)
                guard mayRepair(server, end: end, sent: last) else { return .refused }
                return .repaired(try await repair(after: end, in: tx))
            case .added(let ids):
                brake.withLock { $0.added(upTo: ids.last ?? last) }
                try await mark(events.map { $0.0 }, ids, in: tx)
                sent.add(UInt64(ids.count))
                return .moved(ids.count)
            }
        }
    }

    /// Position, envelope, and whether it was published live.
    private static let event = Projection(
        Column<Int64>("position"), Column<String>("envelope"), Column<Bool>("is_live"))

    /// Publishes the live copies of events that wait for their turn in the stream; the positions.
    @discardableResult
    private func publishLive(in tx: Transaction) async throws -> Set<Int64> {
        let events = try await tx.run(Self.event) {
            "select \($0) from outbox where not is_live order by position limit \(Relay.batch)"
        }
        if events.isEmpty { return [] }
        try await RelayScript.publish(on: redis, channel: channels.live(of: source), envelopes: events.map(\.1))
        let positions = events.map(\.0)
        try await tx.run("update outbox set is_live = true where position = any(\(positions)::bigint[])")
        return Set(positions)
    }

    private func lastSent(in tx: Transaction) async throws -> StreamID {
        let last = Projection(Column<Int64>("stream_ms"), Column<Int64>("stream_seq")) {
            StreamID(milliseconds: $0, sequence: $1)
        }
        return try await tx.run(last) {
            """
            select \($0) from outbox where stream_ms is not null
            order by stream_ms desc, stream_seq desc limit 1
            """
        }.first ?? .zero
    }

    private func mayRepair(_ server: String, end: StreamID, sent: StreamID) -> Bool {
        let verdict = brake.withLock { $0.lost(server: server, end: end, sent: sent, at: .now) }
        if case .refuse(let after) = verdict {
            log.error(
                "events are sent to two redis servers by turns, give all processes one REDIS_URL",
                [
                    "stream": channels.stream(of: source), "redis": redis.settings.address.description,
                    "tried_again_after_ms": after,
                ])
        }
        return verdict == .repair
    }

    /// Redis has less than it was given: what it lost waits again, the newest first, so that a repair in several steps
    /// stays a gap until it is complete, and nothing is sent before.
    private func repair(after kept: StreamID, in tx: Transaction) async throws -> Int {
        let rows = try await tx.run(
            """
            update outbox set stream_ms = null, stream_seq = null
            where position in (
                select position from outbox
                where stream_ms is not null and (stream_ms, stream_seq) > (\(kept.milliseconds), \(kept.sequence))
                order by stream_ms desc, stream_seq desc limit \(Relay.repairBatch))
            """)
        return rows.affected
    }

    private func note(repaired count: Int) async {
        repaired.add(UInt64(count))
        log.warning("redis had lost events, they are sent again", ["events": count])
        // For the administrators' page. It is counted where the loss was: a count that is lost as well begins anew.
        _ = try? await redis.command("INCRBY", RESPArgument(channels.repaired(of: source)), RESPArgument(count))
    }

    private func mark(_ positions: [Int64], _ ids: [StreamID], in tx: Transaction) async throws {
        guard !ids.isEmpty else { return }
        try await tx.run(
            """
            update outbox set stream_ms = sent.ms, stream_seq = sent.seq, is_live = true
            from unnest(\(positions)::bigint[], \(ids.map(\.milliseconds))::bigint[], \(ids.map(\.sequence))::bigint[])
                as sent (position, ms, seq)
            where outbox.position = sent.position
            """)
    }

    private func count() async {
        let counts = try? await database.read(Column<Int>("count(*)")) {
            "select \($0) from (select from outbox where stream_ms is null limit 10000) as waiting"
        }
        if let number = counts?.first { waiting.set(Double(number)) }
    }
}
