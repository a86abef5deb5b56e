import Events
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

/// A service that publishes events and a consumer of them, with their own PostgreSQL and Redis.
struct MessagingFixture: Sendable {
    let database: Database
    let home: TestDatabase
    let server: TestRedis
    let redis: RedisClient
    let group: EventLoopGroup
    let metrics = Metrics()
    let channels = Channels(prefix: "test")
    /// Signalled after each commit that recorded an event.
    let recorded = WakeSignal()

    var outbox: Outbox { Outbox(source: "identity", clock: SystemClock(), wakeSignal: recorded) }

    static func with(_ body: @escaping @Sendable (MessagingFixture) async throws -> Void) async throws {
        let effects = "create table effect (position bigint generated always as identity, event_id uuid, note text)"
        try await withDatabase(
            loops: 1, transactions: 8,
            prepared: [
                MessagingSchema.sql, MessagingSchema.live, MessagingSchema.unnotified, MessagingSchema.retries, effects,
            ].joined(separator: ";")
        ) {
            database, home, group in
            let server = TestRedis()
            let redis = RedisClient(server.settings, group: group)
            defer {
                redis.close()
                server.stop()
            }
            try await body(
                MessagingFixture(database: database, home: home, server: server, redis: redis, group: group))
        }
    }

    /// - Parameter other: another Redis than the fixture's.
    func relay(
        at other: RedisClient? = nil, wakeSignal: WakeSignal = WakeSignal(), moment: Duration = .milliseconds(1)
    ) -> Relay {
        Relay(
            source: "identity", database: database, redis: other ?? redis, channels: channels,
            wakeSignal: wakeSignal, moment: moment, metrics: metrics)
    }

    /// Writes each event to the table `effect`; `check` may throw.
    func handler(
        _ check: @escaping @Sendable (EventEnvelope) async throws -> Void = { _ in },
        hears: @escaping @Sendable (String) -> Bool = { _ in true }
    ) -> EventHandler {
        EventHandler(consumer: "test", database: database, hears: hears) { envelope, tx in
            try await check(envelope)
            try await tx.run(
                "insert into effect (event_id, note) values (\(envelope.id), \(envelope.subject))")
        }
    }

    func consumer(_ handler: EventHandler, tries: Int = 3) -> Consumer {
        let options = ConsumerOptions(
            maxTries: tries, backoff: Backoff(base: .milliseconds(5), cap: .milliseconds(20)),
            lease: .milliseconds(600),
            blockTimeout: .milliseconds(50))
        return Consumer(
            handler, of: ["identity"], redis: redis, group: group, channels: channels, options: options,
            metrics: metrics)
    }

    /// Records an event of a kind that `publish` does not make.
    @discardableResult
    func publishOther() async throws -> ID<EventRecord> {
        try await database.transaction { tx in
            try await outbox.record(
                Event.passwordChanged(.init(account: .make(at: SystemClock().now), role: .patient)),
                from: .job("publish"), in: tx)
        }
    }

    /// Records so many events, each in its own transaction; returns their ids in order.
    @discardableResult
    func publish(_ count: Int) async throws -> [ID<EventRecord>] {
        var ids: [ID<EventRecord>] = []
        for _ in 0..<count {
            let account = ID<Account>.make(at: SystemClock().now)
            ids.append(
                try await database.transaction { tx in
                    try await outbox.record(
                        Event.accountRegistered(.init(account: account, role: .patient)), from: .job("publish"),
                        in: tx)
                })
        }
        return ids
    }

    func effects() async throws -> [ID<EventRecord>] {
        try await database.read(Column<ID<EventRecord>>("event_id")) { "select \($0) from effect order by position" }
    }

    func entries() async throws -> Int { try await redis.length(of: channels.stream(of: "identity")) }

    /// Waits until it holds, at most ten seconds.
    func waitUntil(_ sentence: Comment, _ holds: () async throws -> Bool) async throws {
        if try await !group.comesToHold(holds) { Issue.record("waited in vain until \(sentence)") }
    }
}

struct Refusal: Error {}
