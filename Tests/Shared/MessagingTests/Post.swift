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

/// A service that tells facts and a consumer that hears them, with a database and a Redis of their own.
struct Post: Sendable {
    let database: Database
    let home: TestDatabase
    let server: TestRedis
    let redis: RedisClient
    let group: EventLoopGroup
    let metrics = Metrics()
    let channels = Channels(prefix: "test")
    let outbox = Outbox(source: "identity", clock: SystemClock())

    static func with(_ body: @escaping @Sendable (Post) async throws -> Void) async throws {
        let effects = "create table effect (position bigint generated always as identity, event_id uuid, note text)"
        try await withDatabase(loops: 1, transactions: 8, prepared: MessagingSchema.sql + ";" + effects) {
            database, home, group in
            let server = TestRedis()
            let redis = RedisClient(server.settings, group: group)
            defer {
                redis.close()
                server.stop()
            }
            try await body(
                Post(database: database, home: home, server: server, redis: redis, group: group))
        }
    }

    func relay(wakeSignal: WakeSignal = WakeSignal()) -> Relay {
        Relay(
            source: "identity", database: database, redis: redis, channels: channels, wakeSignal: wakeSignal,
            metrics: metrics)
    }

    /// Notes each event in the table `effect`; `react` may refuse.
    func handling(
        _ react: @escaping @Sendable (EventEnvelope) async throws -> Void = { _ in }
    ) -> Handling {
        Handling(consumer: "test", database: database) { envelope, tx in
            try await react(envelope)
            try await tx.run(
                "insert into effect (event_id, note) values (\(envelope.id), \(envelope.subject))")
        }
    }

    func consumer(_ handling: Handling, tries: Int = 3) -> Consumer {
        let pace = Pace(
            tries: tries, backoff: Backoff(base: .milliseconds(5), cap: .milliseconds(20)), lease: .milliseconds(600),
            timeout: .milliseconds(50), idle: .milliseconds(200))
        return Consumer(
            handling, of: ["identity"], redis: redis, group: group, channels: channels, pace: pace, metrics: metrics)
    }

    /// Tells so many facts, each in a transaction of its own; their ids in order.
    @discardableResult
    func tell(_ count: Int) async throws -> [ID<EventRecord>] {
        var ids: [ID<EventRecord>] = []
        for _ in 0..<count {
            let account = ID<Account>.make(at: SystemClock().now)
            ids.append(
                try await database.transaction { tx in
                    try await outbox.record(
                        Event.accountRegistered(.init(account: account, role: .patient)), from: .job("tell"),
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
    func until(_ sentence: Comment, _ holds: () async throws -> Bool) async throws {
        let deadline = Deadline.after(.seconds(10))
        while try await !holds() {
            guard !deadline.isPast() else {
                Issue.record("waited in vain until \(sentence)")
                return
            }
            try await group.loops[0].sleep(.milliseconds(10))
        }
    }
}

struct Refusal: Error {}
