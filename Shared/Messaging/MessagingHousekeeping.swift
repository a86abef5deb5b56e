import Jobs
package import Kernel
import Lifecycle
import Net
package import Observability
package import Postgres
package import Redis

/// Keeps stream, outbox and notes of what was handled from growing for ever. Nothing goes that a consumer still needs:
/// the slowest group says up to where. Bounded steps, so that it never holds anybody up.
package struct MessagingHousekeeping: Service {
    package let name = "messaging housekeeping"
    private let source: String
    private let database: Database
    private let redis: RedisClient
    private let channels: Channels
    private let clock: any WallClock
    private let metrics: Metrics

    /// How long facts are kept, for consumers that come late and for a Redis that lost them.
    package static let retention: Duration = .seconds(7 * 86_400)
    /// How long it is remembered that an event was handled; longer than any event can come again.
    package static let memory: Duration = .seconds(30 * 86_400)
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
    }

    package func run() async throws {
        let job = PeriodicJob(name, every: Self.interval, jitter: 0.5, metrics: metrics) { _ = try await round() }
        await job.run()
    }

    /// One round; how many rows went.
    @discardableResult
    package func round() async throws -> Int {
        let edge = clock.now - Self.retention
        let old = StreamID(milliseconds: max(edge.microseconds / 1000, 0), sequence: 0)
        // Without Redis nobody knows what consumers have: then nothing is thrown away.
        let needed = try await StreamUpkeep.trim(
            channels.stream(of: source), before: old, atMost: 10_000, on: redis)
        let sent = try await purgeSent(before: min(old, needed ?? old), recorded: edge)
        return sent + (try await purgeHandled(before: clock.now - Self.memory))
    }

    /// The last one stays: it tells whether Redis has lost something.
    private func purgeSent(before id: StreamID, recorded edge: Instant) async throws -> Int {
        try await database.run(
            """
            delete from outbox where position in (
                select position from outbox
                where stream_ms is not null and recorded_at < \(edge)
                    and (stream_ms, stream_seq) < (\(id.milliseconds), \(id.sequence))
                    and (stream_ms, stream_seq) < (
                        select stream_ms, stream_seq from outbox where stream_ms is not null
                        order by stream_ms desc, stream_seq desc limit 1)
                order by stream_ms, stream_seq limit \(Self.batch))
            """
        ).affected
    }

    private func purgeHandled(before edge: Instant) async throws -> Int {
        try await database.run(
            """
            delete from handled where ctid = any (array(
                select ctid from handled where handled_at < \(edge) order by handled_at limit \(Self.batch)))
            """
        ).affected
    }
}
