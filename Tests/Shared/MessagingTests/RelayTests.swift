import Events
import Glibc
import Kernel
import Lifecycle
import Messaging
import Net
import Postgres
import Redis
import TestSupport
import Testing

struct RelayTests {
    @Test func `facts reach the stream in the order they were committed`() async throws {
        try await Post.with { post in
            let told = try await post.tell(5)
            #expect(try await post.relay().pass() == .moved(5))
            #expect(try await post.relay().pass() == .moved(0))
            try await running([post.consumer(post.handling())]) {
                try await post.until("all are handled") { try await post.effects().count == 5 }
            }
            #expect(try await post.effects() == told)
        }
    }

    @Test func `a fact that was not committed is told to nobody`() async throws {
        try await Post.with { post in
            await #expect(throws: Refusal.self) {
                try await post.database.transaction { tx in
                    try await post.outbox.record(
                        IdentityEvent.passwordChanged(.init(account: .make(at: SystemClock().now), role: .patient)),
                        from: .job("tell"), in: tx)
                    throw Refusal()
                }
            }
            let passed = try await post.relay().pass()
            let entries = try await post.entries()
            #expect(passed == .moved(0))
            #expect(entries == 0)
        }
    }

    @Test func `a crash between redis and the commit repeats entries and no effect`() async throws {
        try await Post.with { post in
            let told = try await post.tell(3)
            #expect(try await post.relay().pass() == .moved(3))
            // As if the commit had never been: the entries are there, the outbox does not know.
            try await post.database.run("update outbox set stream_ms = null, stream_seq = null")
            #expect(try await post.relay().pass() == .moved(3))
            #expect(try await post.entries() == 6)
            try await running([post.consumer(post.handling())]) {
                try await post.until("the group is done with all") {
                    let group = try await post.redis.groups(of: post.channels.stream(of: "identity")).first
                    return group?.lag == 0 && group?.pending == 0
                }
            }
            #expect(try await post.effects() == told)
        }
    }

    @Test func `an emptied redis gets everything again and each effect is made once`() async throws {
        try await Post.with { post in
            let consumer = post.consumer(post.handling())
            try await running([post.relay(), consumer]) {
                let first = try await post.tell(4)
                try await post.until("the first are handled") { try await post.effects().count == 4 }
                _ = try await post.redis.command("FLUSHALL")
                try await post.until("all are there again") { try await post.entries() == 4 }
                let later = try await post.tell(2)
                try await post.until("the later are handled") { try await post.effects().count == 6 }
                #expect(try await post.effects() == first + later)
                #expect(try await post.entries() == 6)
            }
        }
    }

    @Test func `a redis that is killed and comes back empty loses nothing`() async throws {
        try await Post.with { post in
            try await running([post.relay(), post.consumer(post.handling())]) {
                let first = try await post.tell(3)
                try await post.until("the first are handled") { try await post.effects().count == 3 }
                post.server.stop()
                let meanwhile = try await post.tell(3)
                post.server.start()
                try await post.until("all are handled") { try await post.effects().count == 6 }
                try await post.until("the stream is whole") { try await post.entries() == 6 }
                #expect(try await post.effects() == first + meanwhile)
            }
        }
    }

    @Test func `a stream cut at its end gets the tail again, with fresh ids`() async throws {
        try await Post.with { post in
            let told = try await post.tell(5)
            _ = try await post.relay().pass()
            let stream = RESPArgument(post.channels.stream(of: "identity"))
            let kept = try await post.database.read(Column<String>("stream_ms || '-' || stream_seq")) {
                "select \($0) from outbox order by position offset 1 limit 1"
            }.one
            let rows = try await post.redis.command("XRANGE", stream, "-", RESPArgument(kept)).array ?? []
            // An older state of the server, as a restored file would hold it.
            _ = try await post.redis.command("DEL", stream)
            for row in rows {
                let parts = row.array ?? []
                let event = parts.last?.array?.last?.text ?? ""
                _ = try await post.redis.command(
                    "XADD", stream, RESPArgument(parts.first?.text ?? ""), "event", RESPArgument(event))
            }
            #expect(try await post.relay().pass() == .repaired(3))
            #expect(try await post.relay().pass() == .moved(3))
            #expect(try await post.entries() == 5)
            try await running([post.consumer(post.handling())]) {
                try await post.until("all are handled") { try await post.effects().count == 5 }
            }
            #expect(try await post.effects() == told)
        }
    }

    @Test func `two relays at once send each fact once and in order`() async throws {
        try await Post.with { post in
            try await running([post.relay(), post.relay(), post.consumer(post.handling())]) {
                let told = try await post.tell(60)
                try await post.until("all are handled") { try await post.effects().count == 60 }
                #expect(try await post.effects() == told)
                #expect(try await post.entries() == 60)
            }
        }
    }

    @Test func `a commit wakes the relay`() async throws {
        try await Post.with { post in
            let services = Dispatch.services(
                source: "identity", database: post.database, redis: post.redis, group: post.group,
                channels: post.channels, clock: SystemClock(), metrics: post.metrics)
            try await running(services) {
                try await post.tell(1)
                try await post.until("it is in the stream") { try await post.entries() == 1 }
            }
        }
    }
}
