import Events
import Kernel
import Messaging
import Notifier
import NotifierDomain
import Postgres
import Testing

/// One row as a test looks at it.
struct LiveRow: Sendable, Equatable {
    let account: ID<Account>
    let seq: Int64
    let event: ID<EventRecord>

    static let row = Projection(
        Column<ID<Account>>("account_id"), Column<Int64>("seq"), Column<ID<EventRecord>>("event_id"),
        make: LiveRow.init)
}

extension World {
    /// All rows, those of an account in their order.
    func liveRows() async throws -> [LiveRow] {
        try await database.read(LiveRow.row, as: .service) { "select \($0) from live_event order by account_id, seq" }
    }

    func tell(_ accounts: [ID<Account>], event: ID<EventRecord>? = nil) async throws {
        let envelope = EventEnvelope(
            .passwordChanged(fact()), id: event ?? .make(at: clock.now), at: clock.now, traceparent: nil)
        try await database.transaction(as: .service) { tx in
            try await live.insert(
                OutsideEvent(envelope, type: "password.changed"), for: LiveHearers(accounts), at: clock.now, in: tx)
        }
    }
}

struct LiveStoreTests {
    @Test func `eight writers at once number each account's events from one, without a gap and without a deadlock`()
        async throws
    {
        try await withWorld { world in
            let accounts = (1...60).map { ID<Account>(high: 1, low: UInt64($0)) }
            try await withThrowingTaskGroup(of: Int.self) { writers in
                for _ in 0..<8 {
                    writers.addTask {
                        var told = 0
                        for _ in 0..<25 {
                            let some = Array(accounts.shuffled().prefix(.random(in: 2...60)))
                            try await world.tell(some)
                            told += some.count
                        }
                        return told
                    }
                }
                let told = try await writers.reduce(0, +)
                let rows = try await world.liveRows()
                #expect(rows.count == told)
                for (_, own) in Dictionary(grouping: rows, by: \.account) {
                    #expect(own.map(\.seq) == Array(1...Int64(own.count)))
                }
            }
        }
    }

    @Test func `an event that comes again takes no number again`() async throws {
        try await withWorld { world in
            let (first, second) = (ID<Account>(high: 1, low: 1), ID<Account>(high: 1, low: 2))
            let event = ID<EventRecord>(high: 9, low: 9)
            try await world.tell([first], event: event)
            try await world.tell([first, second], event: event)
            try await world.tell([first, second])
            let rows = try await world.liveRows()
            #expect(rows.map(\.seq) == [1, 2, 1, 2])
            #expect(rows.filter { $0.event == event }.count == 2)
        }
    }

    @Test func `a thousand accounts hear of one event by one statement`() async throws {
        try await withWorld { world in
            try await world.tell((1...1000).map { ID<Account>(high: 1, low: UInt64($0)) })
            #expect(try await world.liveRows().count == 1000)
        }
    }

    @Test func `events are kept for a day, and the last thousand of an account`() async throws {
        try await withWorld { world in
            let account = ID<Account>(high: 1, low: 1)
            try await world.tell([account])
            world.clock.pass(LiveStore.retention + .seconds(1))
            try await world.tell([account])
            #expect(try await world.live.purge(at: world.clock.now) == 1)
            #expect(try await world.liveRows().map(\.seq) == [2])
            try await world.database.run("update live_cursor set last = last + \(LiveStore.kept - 1)", as: .service)
            #expect(try await world.live.purge(at: world.clock.now) == 0)
            try await world.tell([account])
            #expect(try await world.live.purge(at: world.clock.now) == 1)
            #expect(try await world.liveRows().map(\.seq) == [Int64(LiveStore.kept) + 2])
        }
    }

    @Test func `what is told to an account is the account's alone, whatever a statement forgets`() async throws {
        try await withWorld { world in
            try await world.tell([ID<Account>(high: 1, low: 1)])
            let other = Scope(account: ID<Account>(high: 1, low: 2).description, role: "patient")
            for table: SQL in ["live_event", "live_cursor"] {
                let seen = try await world.database.read(Column<Int>("count(*)"), as: other) {
                    "select \($0) from \(sql: table)"
                }
                #expect(seen == [0])
            }
        }
    }
}
