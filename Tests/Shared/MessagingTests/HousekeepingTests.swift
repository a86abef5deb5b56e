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
        try await Post.with { post in
            let stream = post.channels.stream(of: "identity")
            try await post.tell(250)
            while try await post.relay().pass() != .moved(0) {}
            let keeper = MessagingHousekeeping(
                source: "identity", database: post.database, redis: post.redis, channels: post.channels, clock: Later(),
                metrics: Metrics())
            try await post.redis.createGroup("slow", of: stream)
            #expect(try await keeper.round() == 0)
            #expect(try await post.entries() == 250)
            let reader = StreamReader(post.redis.settings, on: post.group.loops[0])
            let read = try await reader.read(stream, group: "slow", consumer: "a", count: 1000, timeout: .seconds(1))
            try await post.redis.acknowledge(read.map(\.id), group: "slow", of: stream)
            reader.close()
            // The last one stays as the mark, and the stream is cut by whole nodes.
            #expect(try await keeper.round() == 249)
            #expect(try await post.entries() < 100)
            #expect(try await post.relay().pass() == .moved(0))
        }
    }

    @Test func `what is young is kept`() async throws {
        try await Post.with { post in
            try await post.tell(3)
            _ = try await post.relay().pass()
            let keeper = MessagingHousekeeping(
                source: "identity", database: post.database, redis: post.redis, channels: post.channels,
                clock: SystemClock(), metrics: Metrics())
            #expect(try await keeper.round() == 0)
        }
    }
}
