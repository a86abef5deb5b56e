import Events
import Kernel
import Messaging
import Net
import Observability
import Postgres
import Redis
import TestSupport
import Testing

struct HousekeepingTests {
    private struct Later: WallClock {
        var now: Instant { SystemClock().now + .seconds(8 * 86_400) }
    }

    @Test func `what the slowest group still needs is kept, however old`() async throws {
        try await MessagingFixture.with { fixture in
            let stream = fixture.channels.stream(of: "identity")
            try await fixture.publish(250)
            while try await fixture.relay().pass() != .moved(0) {}
            let housekeeping = MessagingHousekeeping(
                source: "identity", database: fixture.database, redis: fixture.redis, channels: fixture.channels,
                clock: Later(),
                metrics: Metrics())
            try await fixture.redis.createGroup("slow", of: stream)
            #expect(try await housekeeping.round() == 0)
            #expect(try await fixture.entries() == 250)
            let reader = StreamReader(fixture.redis.settings, on: fixture.group.loops[0])
            let read = try await reader.read(stream, group: "slow", consumer: "a", count: 1000, timeout: .seconds(1))
            try await fixture.redis.acknowledge(read.map(\.id), group: "slow", of: stream)
            reader.close()
            // The last one is kept, and the stream is cut by whole nodes.
            #expect(try await housekeeping.round() == 249)
            #expect(try await fixture.entries() < 100)
            #expect(try await fixture.relay().pass() == .moved(0))
        }
    }

    @Test func `a dead letter is kept for three months`() async throws {
        try await MessagingFixture.with { fixture in
            let insert: @Sendable (Int) async throws -> Void = { days in
                try await fixture.database.run(
                    """
                    insert into dead_letter (consumer, event_id, source, type, envelope, reason, tries, died_at)
                    values ('test', gen_random_uuid(), 'identity', 'x', '{}', 'y', 1,
                        now() - make_interval(days => \(days)))
                    """)
            }
            try await insert(91)
            try await insert(89)
            let housekeeping = MessagingHousekeeping(
                source: "identity", database: fixture.database, redis: fixture.redis, channels: fixture.channels,
                clock: SystemClock(), metrics: Metrics())
            #expect(try await housekeeping.round() == 1)
            #expect(try await housekeeping.round() == 0)
        }
    }

    @Test func `what is young is kept`() async throws {
        try await MessagingFixture.with { fixture in
            try await fixture.publish(3)
            _ = try await fixture.relay().pass()
            let housekeeping = MessagingHousekeeping(
                source: "identity", database: fixture.database, redis: fixture.redis, channels: fixture.channels,
                clock: SystemClock(), metrics: Metrics())
            #expect(try await housekeeping.round() == 0)
        }
    }
}
