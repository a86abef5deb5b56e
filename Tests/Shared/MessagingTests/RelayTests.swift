import Events
import Glibc
import Jobs
import Kernel
import Lifecycle
import Messaging
import Net
import Observability
import Postgres
import Redis
import TestSupport
import Testing

struct RelayTests {
    @Test func `events reach the stream in the order they were committed`() async throws {
        try await MessagingFixture.with { fixture in
            let published = try await fixture.publish(5)
            #expect(try await fixture.relay().pass() == .moved(5))
            #expect(try await fixture.relay().pass() == .moved(0))
            try await running([fixture.consumer(fixture.handler())]) {
                try await fixture.waitUntil("all are handled") { try await fixture.effects().count == 5 }
            }
            #expect(try await fixture.effects() == published)
        }
    }

    @Test func `an event that was not committed is published to nobody`() async throws {
        try await MessagingFixture.with { fixture in
            await #expect(throws: Refusal.self) {
                try await fixture.database.transaction { tx in
                    try await fixture.outbox.record(
                        Event.passwordChanged(.init(account: .make(at: SystemClock().now), role: .patient)),
                        from: .job("publish"), in: tx)
                    throw Refusal()
                }
            }
            let passed = try await fixture.relay().pass()
            let entries = try await fixture.entries()
            #expect(passed == .moved(0))
            #expect(entries == 0)
        }
    }

    @Test func `a crash between redis and the commit repeats entries and no effect`() async throws {
        try await MessagingFixture.with { fixture in
            let published = try await fixture.publish(3)
            #expect(try await fixture.relay().pass() == .moved(3))
            // As if the commit had never been: the entries are there, the outbox does not know.
            try await fixture.database.run("update outbox set stream_ms = null, stream_seq = null")
            #expect(try await fixture.relay().pass() == .moved(3))
            #expect(try await fixture.entries() == 6)
            try await running([fixture.consumer(fixture.handler())]) {
                try await fixture.waitUntil("the group is done with all") {
                    let group = try await fixture.redis.groups(of: fixture.channels.stream(of: "identity")).first
                    return group?.lag == 0 && group?.pending == 0
                }
            }
            #expect(try await fixture.effects() == published)
        }
    }

    @Test func `an emptied redis gets everything again and each effect is made once`() async throws {
        try await MessagingFixture.with { fixture in
            let consumer = fixture.consumer(fixture.handler())
            try await running([fixture.relay(), consumer]) {
                let first = try await fixture.publish(4)
                try await fixture.waitUntil("the first are handled") { try await fixture.effects().count == 4 }
                _ = try await fixture.redis.command("FLUSHALL")
                try await fixture.waitUntil("all are there again") { try await fixture.entries() == 4 }
                let later = try await fixture.publish(2)
                try await fixture.waitUntil("the later are handled") { try await fixture.effects().count == 6 }
                #expect(try await fixture.effects() == first + later)
                #expect(try await fixture.entries() == 6)
            }
        }
    }

    @Test func `a redis that is killed and comes back empty loses nothing`() async throws {
        try await MessagingFixture.with { fixture in
            try await running([fixture.relay(), fixture.consumer(fixture.handler())]) {
                let first = try await fixture.publish(3)
                try await fixture.waitUntil("the first are handled") { try await fixture.effects().count == 3 }
                fixture.server.stop()
                let meanwhile = try await fixture.publish(3)
                fixture.server.start()
                try await fixture.waitUntil("all are handled") { try await fixture.effects().count == 6 }
                try await fixture.waitUntil("the stream is whole") { try await fixture.entries() == 6 }
                #expect(try await fixture.effects() == first + meanwhile)
            }
        }
    }

    @Test func `of two relays at two redis one soon sends alone, and the other says once why it does not`()
        async throws
    {
        try await MessagingFixture.with { fixture in
            let other = TestRedis()
            let otherRedis = RedisClient(other.settings, group: fixture.group)
            defer {
                otherRedis.close()
                other.stop()
            }
            let lines = Locked<[String]>([])
            let sink = LogSink(service: "identity", level: .error) { line in
                lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
                return true
            }
            let relays = [fixture.relay(), fixture.relay(at: otherRedis)]
            try await fixture.publish(76)
            try await LogSink.$override.withValue(sink) {
                for _ in 0..<50 {
                    for relay in relays { _ = try await relay.pass() }
                }
                // By turns one of them is first with a new event.
                for turn in 0..<10 {
                    try await fixture.publish(1)
                    for relay in turn.isMultiple(of: 2) ? relays : relays.reversed() { _ = try await relay.pass() }
                }
            }
            let stream = fixture.channels.stream(of: "identity")
            let entries = [try await fixture.entries(), try await otherRedis.length(of: stream)]
            #expect(entries.contains { $0 >= 86 } && entries.reduce(0, +) <= 3 * 86)
            let said = lines.withLock { $0 }
            #expect(said.count == 1 && said.allSatisfy { $0.contains("one REDIS_URL") && $0.contains(stream) })
            // A loss is repaired as ever.
            _ = try await fixture.redis.command("FLUSHALL")
            #expect(try await relays[0].pass() == .repaired(86))
        }
    }

    @Test func `a stream cut at its end gets the tail again, with fresh ids`() async throws {
        try await MessagingFixture.with { fixture in
            let published = try await fixture.publish(5)
            _ = try await fixture.relay().pass()
            let stream = RESPArgument(fixture.channels.stream(of: "identity"))
            let kept = try await fixture.database.read(Column<String>("stream_ms || '-' || stream_seq")) {
                "select \($0) from outbox order by position offset 1 limit 1"
            }.one
            let rows = try await fixture.redis.command("XRANGE", stream, "-", RESPArgument(kept)).array ?? []
            // An older state of the server, as a restored file would hold it.
            _ = try await fixture.redis.command("DEL", stream)
            for row in rows {
                let parts = row.array ?? []
                let event = parts.last?.array?.last?.text ?? ""
                _ = try await fixture.redis.command(
                    "XADD", stream, RESPArgument(parts.first?.text ?? ""), "event", RESPArgument(event))
            }
            #expect(try await fixture.relay().pass() == .repaired(3))
            #expect(try await fixture.redis.count(at: fixture.channels.repaired(of: "identity")) == 3)
            #expect(try await fixture.relay().pass() == .moved(3))
            #expect(try await fixture.entries() == 5)
            try await running([fixture.consumer(fixture.handler())]) {
                try await fixture.waitUntil("all are handled") { try await fixture.effects().count == 5 }
            }
            #expect(try await fixture.effects() == published)
        }
    }

    @Test func `after redis was emptied a new event is live at once, and what was lost is not published again`()
        async throws
    {
        try await MessagingFixture.with { fixture in
            // A week of it: far more than one pass or one repair takes.
            try await fixture.database.run(
                """
                insert into outbox (event_id, type, subject, envelope, stream_ms, stream_seq, is_live)
                select gen_random_uuid(), 'old', 'old', '{"old":true}', n, 0, true from generate_series(1, 12000) n
                """)
            let heard = Locked<[(at: MonotonicTime, text: String)]>([])
            let isConnected = Latch()
            let channel = fixture.channels.live(of: "identity")
            let subscriber = RedisSubscriber(
                fixture.server.settings, channels: [channel], on: fixture.group.loops[0]
            ) { event in
                switch event {
                case .connected: isConnected.fire()
                case .message(_, let bytes):
                    heard.withLock { $0.append((.now, String(decoding: bytes, as: UTF8.self))) }
                }
            }
            try await running([subscriber]) {
                await isConnected.wait()
                let relay = fixture.relay()
                #expect(try await relay.pass() == .repaired(5000))
                let first = try await fixture.publish(1)
                #expect(try await relay.pass() == .repaired(5000))
                try await fixture.waitUntil("the first is heard") { heard.withLock { $0.count == 1 } }
                #expect(try await relay.pass() == .repaired(2000))
                #expect(try await relay.pass() == .moved(200))
                let second = try await fixture.publish(1)
                #expect(try await relay.pass() == .moved(200))
                try await fixture.waitUntil("the second is heard") { heard.withLock { $0.count == 2 } }
                while try await relay.pass() == .moved(200) {}
                #expect(try await fixture.entries() == 12_002)
                let told = heard.withLock { $0.map(\.text) }
                #expect(told.count == 2)
                #expect(zip(told, first + second).allSatisfy { $0.contains($1.description) })
            }
        }
    }

    @Test func `two relays at once send each event once and in order`() async throws {
        try await MessagingFixture.with { fixture in
            try await running([fixture.relay(), fixture.relay(), fixture.consumer(fixture.handler())]) {
                let published = try await fixture.publish(60)
                try await fixture.waitUntil("all are handled") { try await fixture.effects().count == 60 }
                #expect(try await fixture.effects() == published)
                #expect(try await fixture.entries() == 60)
            }
        }
    }

    @Test func `the first event leaves at once, those of the next moment leave together`() async throws {
        try await MessagingFixture.with { fixture in
            let signal = WakeSignal(on: fixture.group.loops[0])
            try await running([fixture.relay(wakeSignal: signal, moment: .seconds(1))]) {
                try await fixture.publish(1)
                signal.signal()
                try await fixture.waitUntil("the first is there") { try await fixture.entries() == 1 }
                for _ in 0..<5 {
                    try await fixture.publish(1)
                    signal.signal()
                }
                try await fixture.waitUntil("the others are there") { try await fixture.entries() > 1 }
                #expect(try await fixture.entries() == 6)
            }
        }
    }

    @Test func `however fast events come, and whatever pauses lie between, each is in the stream soon`() async throws {
        try await MessagingFixture.with { fixture in
            let services = OutboxServices.make(
                source: "identity", database: fixture.database, redis: fixture.redis, channels: fixture.channels,
                wakeSignal: fixture.recorded, clock: SystemClock(), metrics: fixture.metrics)
            try await running(services) {
                var count = 0
                for round in 0..<6 {
                    // Close together: some are committed while the relay is at work.
                    for _ in 0..<20 { try await fixture.publish(1) }
                    count += 20
                    try await fixture.waitUntil("all are in the stream") { try await fixture.entries() == count }
                    try await fixture.group.loops[0].sleep(.milliseconds(round * 40))
                    let begin = MonotonicTime.now
                    try await fixture.publish(1)
                    count += 1
                    try await fixture.waitUntil("one more is") { try await fixture.entries() == count }
                    // Well before the timer of a second, which would hide a lost signal.
                    #expect(begin.duration(to: .now) < .milliseconds(900))
                }
            }
        }
    }

    @Test func `a relay that met another at work looks again as soon as that one is done`() async throws {
        try await MessagingFixture.with { fixture in
            let relay = fixture.relay(wakeSignal: fixture.recorded)
            try await running([relay]) {
                try await fixture.database.transaction { other in
                    let lock = Column<Bool>(
                        "pg_try_advisory_xact_lock(hashtextextended('praxis outbox ' || current_schema(), 0))")
                    try await fixture.waitUntil("the other has the lock") { try await other.run(lock).one }
                    try await fixture.publish(1)
                    #expect(try await relay.pass() == .skipped)
                    #expect(try await fixture.entries() == 0)
                }
                let begin = MonotonicTime.now
                try await fixture.waitUntil("it is in the stream") { try await fixture.entries() == 1 }
                #expect(begin.duration(to: .now) < .milliseconds(900))
            }
        }
    }
}
