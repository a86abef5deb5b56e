import Jobs
package import Kernel
import Lifecycle
import Net
package import Observability
package import Postgres
package import Redis

/// Deletes old rows of `outbox`, `handled` and `dead_letter` and old entries of the stream. Nothing is deleted that a
/// consumer still needs: the slowest group is the limit. Batches are bounded, so that it never blocks others for long.
package struct MessagingHousekeeping: Service {
    package let name = "messaging housekeeping"
    private let source: String
    private let database: Database
    private let redis: RedisClient
    private let channels: Channels
    private let clock: any WallClock
    private let metrics: Metrics
    private let dead: Gauge

    /// How long events are kept, for consumers that come late and for a Redis that lost them.
    package static let retention: Duration = .seconds(7 * 86_400)
    /// How long rows of `handled` are kept; longer than any event can come again.
    package static let handledRetention: Duration = .seconds(30 * 86_400)
    /// How long an operator has to look at a dead letter.
    package static let deadLetterRetention: Duration = .seconds(90 * 86_400)
    private static let interval: Duration = .seconds(60)
    private static let batch = 1000

    package init(
        source: String, database: Database, redis: RedisClient, channels: Channels = Channels(), clock: any WallClock,
        metrics: Metrics
    ) {
        self.source = source
        self.database = database
        self.redis = redis
        self.channels = channels
        self.clock = clock
        self.metrics = metrics
        dead = metrics.gauge("praxis_dead_letters", "Events of other services that were given up on and are kept.")
    }

    package func run() async throws {
        let job = PeriodicJob(name, every: Self.interval, jitter: 0.5, metrics: metrics) { _ = try await round() }
        await job.run()
    }

    /// One round; the number of deleted rows.
    @discardableResult
    package func round() async throws -> Int {
        let cutoff = clock.now - Self.retention
        let old = StreamID(milliseconds: max(cutoff.microseconds / 1000, 0), sequence: 0)
        // Without Redis it is unknown what consumers have handled: then nothing is deleted.
        let needed = try await StreamUpkeep.trim(
            channels.stream(of: source), before: old, atMost: 10_000, on: redis)
        let sent = try await purgeSent(before: min(old, needed ?? old), recorded: cutoff)
        return sent + (try await purgeHandled(before: clock.now - Self.handledRetention))
            + (try await purgeDeadLetters(before: clock.now - Self.deadLetterRetention))
    }

    private func purgeDeadLetters(before cutoff: Instant) async throws -> Int {
        let purged = try await database.run(
            """
            delete from dead_letter where (consumer, event_id) in (
                select consumer, event_id from dead_letter where died_at < \(cutoff) order by died_at
                limit \(Self.batch))
            """
        ).affected
        let left = try await database.read(Column<Int>("count(*)")) { "select \($0) from dead_letter" }.one
        dead.set(Double(left))
        return purged
    }

    /// The last one is kept: the relay compares it with the stream to find out whether Redis has lost entries.
    private func purgeSent(before id: StreamID, recorded cutoff: Instant) async throws -> Int {
        try await database.run(
            """
            delete from outbox where position in (
                select position from outbox
                where stream_ms is not null and recorded_at < \(cutoff)
                    and (stream_ms, stream_seq) < (\(id.milliseconds), \(id.sequence))
                    and (stream_ms, stream_seq) < (
                        select stream_ms, stream_seq from outbox where stream_ms is not null
                        order by stream_ms desc, stream_seq desc limit 1)
                order by stream_ms, stream_seq limit \(Self.batch))
            """
        ).affected
    }

    private func purgeHandled(before cutoff: Instant) async throws -> Int {
        try await database.run(
            """
            delete from handled where ctid = any (array(
                select ctid from handled where handled_at < \(cutoff) order by handled_at limit \(Self.batch)))
            """
        ).affected
    }
}
