import API
import Chassis
import Events
import Glibc
import Kernel
import Lifecycle
import Messaging
import Net
import Notifier
import NotifierDomain
import Observability
import Postgres
import TestSupport
import Testing
import Web

/// Streams as one notifier serves them, woken by the database.
struct LiveEventsTests {
    private static let owner = Caller(account: .init(high: 1, low: 1), role: .patient, session: .init(high: 3, low: 4))
    private static let other = Caller(account: .init(high: 1, low: 2), role: .patient, session: .init(high: 3, low: 5))

    /// A notifier with its streams and whatever wakes them.
    private struct Site: Sendable {
        let world: World
        let streams: OpenStreams
        var events: LiveEvents {
            LiveEvents(
                live: world.live, tickets: world.tickets, streams: streams, unit: UnitOfWork(database: world.database),
                clock: world.clock)
        }

        func open(
            _ caller: Caller? = owner, ticket: String? = nil, header: String? = nil, query: String? = nil,
            reads: Int = .max
        ) async throws -> ReadStream {
            let call = Call.test(LiveEventsAPI.stream.declaration, by: caller, lastEventID: header)
            let client = ReadStream()
            client.reads = reads
            try client.open(try await events.stream(OpenStream(ticket: ticket, lastEventID: query), call))
            return client
        }

        func ticket(_ caller: Caller = owner) async throws -> String {
            let call = Call.test(LiveEventsAPI.ticket.declaration, by: caller)
            return try await events.ticket(NoInput(), call).view.ticket.expose()
        }

        /// What the ticket opens a stream with.
        func use(_ ticket: String) async throws -> StreamOwner {
            let used = try #require(try await world.tickets.use(ticket, at: world.clock.now))
            return StreamOwner(account: used.account, session: used.session, ticket: used)
        }

        /// Another notifier on the same tables.
        func beside(_ body: @escaping @Sendable (Site) async throws -> Void) async throws {
            try await Site.serving(world, StreamLimits(), isHeard: true, body)
        }

        static func serving(
            _ world: World, _ limits: StreamLimits, isHeard: Bool,
            _ body: @escaping @Sendable (Site) async throws -> Void
        ) async throws {
            let loop = try #require(EventLoop.current)
            let streams = OpenStreams(
                live: world.live, tickets: world.tickets, group: world.group, limits: limits, metrics: Metrics())
            let listening = Latch()
            let listener = DatabaseListener(
                world.database.settings, channels: streams.channels, on: loop,
                onEvent: { event in
                    streams.hear(event)
                    if event == .connected { listening.fire() }
                })
            try await running(isHeard ? [listener] : []) {
                if isHeard { await listening.wait() }
                try await body(Site(world: world, streams: streams))
            }
        }

        func tell(_ number: Int = 1, _ account: ID<Account> = owner.account) async throws {
            for _ in 0..<number { try await world.tell([account]) }
        }
    }

    private func withSite(
        _ limits: StreamLimits = StreamLimits(), isHeard: Bool = true,
        _ body: @escaping @Sendable (Site) async throws -> Void
    ) async throws {
        try await withWorld { world in try await Site.serving(world, limits, isHeard: isHeard, body) }
    }

    @Test func `a stream begins with where it stands, and tells what happens in its order`() async throws {
        try await withSite { site in
            try await site.tell(2)
            let client = try await site.open()
            #expect(client.text.hasPrefix("retry: 3000\n\nid: 2\nevent: ready\ndata: {}\n\n"))
            try await site.tell(3)
            await client.wait { $0.numbers == [3, 4, 5] }
            let event = try #require(client.events.last)
            #expect(event.name == "password.changed" && event.data?.hasPrefix(#"{"id":""#) == true)
            // Nothing of another's.
            try await site.tell(1, Self.other.account)
            try await site.tell()
            await client.wait { $0.numbers == [3, 4, 5, 6] }
        }
    }

    @Test func `who resumes gets what it missed and nothing before it; the header wins, empty is nothing`() async throws
    {
        try await withSite { site in
            try await site.tell(250)
            let client = try await site.open(header: "3", query: "200")
            await client.wait { $0.numbers == Array(4...250) }
            #expect(client.events.first?.name == "password.changed")
            let byQuery = try await site.open(header: "", query: "249")
            await byQuery.wait { $0.numbers == [250] }
            #expect(try await site.open(query: "").events.first?.name == "ready")
        }
    }

    @Test func `who resumes far behind is told a page at a time, as it reads, and holds up no other stream`()
        async throws
    {
        var limits = StreamLimits()
        limits.tick = .milliseconds(10)
        try await withSite(limits) { site in
            try await site.tell(450)
            let slow = try await site.open(header: "0", reads: 100)
            await slow.wait { $0.numbers.count == LiveStore.page }
            let quick = try await site.open(header: "449")
            for number in 451...455 {
                try await site.tell()
                await quick.wait { $0.numbers.last == number }
            }
            #expect(slow.numbers == Array(1...LiveStore.page))
            slow.reads = 300
            await slow.wait { $0.numbers.count == 2 * LiveStore.page }
            slow.reads = .max
            await slow.wait { $0.numbers == Array(1...455) }
            #expect(!slow.isOver)
        }
    }

    @Test(arguments: [
        ("1", "too_old"), ("4", "unknown"), ("x", "unknown"), ("-1", "unknown"), ("9223372036854775808", "unknown"),
    ])
    func `what cannot be resumed is a reset, and the stream goes on`(last: String, reason: String) async throws {
        try await withSite { site in
            try await site.tell(3)
            try await site.world.database.run("delete from live_event where seq <= 2", as: .service)
            let client = try await site.open(header: last)
            #expect(client.events == [ReadEvent("id: 3\nevent: reset\ndata: {\"reason\":\"\(reason)\"}")])
            try await site.tell()
            await client.wait { $0.numbers == [4] }
        }
    }

    /// `PRAXIS_FAULTS` asks for the long form.
    private static let (cuts, total) = unsafe getenv("PRAXIS_FAULTS") == nil ? (50, 2_000) : (500, 20_000)

    @Test func `fifty cuts during the events of four writers, at two notifiers: each number once, none foreign`()
        async throws
    {
        try await withSite { here in
            let (cuts, total) = (Self.cuts, Self.total)
            // Nothing was seen yet, and by that it resumes.
            let first = try #require(try await here.open().events.first?.id)
            try await here.beside { there in
                try await withThrowingTaskGroup(of: Void.self) { tasks in
                    for _ in 0..<4 {
                        tasks.addTask {
                            for _ in 0..<(total / 4) {
                                try await here.world.tell([Self.owner.account, Self.other.account])
                            }
                        }
                    }
                    tasks.addTask {
                        let seen = try await Self.cut(cuts, [here, there], from: first, until: total)
                        #expect(seen == Array(1...total))
                    }
                    try await tasks.waitForAll()
                }
            }
        }
    }

    /// What a client has seen at the end that was cut off so often and resumed at one of the sites.
    private static func cut(
        _ cuts: Int, _ sites: [Site], from first: String, until total: Int
    ) async throws -> [Int] {
        var seen: [Int] = []
        var last = first
        for cut in 0..<cuts {
            let site = sites[cut % sites.count]
            let client = cut % 3 == 0 ? try await site.open(header: last) : try await site.open(query: last)
            let (before, isLast) = (seen.count, cut == cuts - 1)
            let enough = isLast ? total : min(before + .random(in: 0...80), total)
            await client.wait { before + $0.numbers.count >= enough }
            client.leave()
            seen += client.numbers
            last = seen.last.map(String.init) ?? last
        }
        return seen
    }

    @Test func `without a notification events come with the next look at the table`() async throws {
        var limits = StreamLimits()
        limits.tick = .milliseconds(10)
        limits.ticksPerPing = 3
        try await withSite(limits, isHeard: false) { site in
            let client = try await site.open()
            try await site.tell()
            await client.wait { $0.numbers == [1] && $0.text.contains(": ping\n\n") }
        }
    }

    @Test func `the eleventh stream of an account ends the oldest, and nobody else's`() async throws {
        try await withSite { site in
            let others = try await site.open(Self.other)
            var clients: [ReadStream] = []
            for _ in 0..<11 { clients.append(try await site.open()) }
            await clients[0].wait { $0.isOver }
            #expect(clients[0].events.last == ReadEvent("event: bye\ndata: {\"reason\":\"replaced\"}"))
            #expect(clients.dropFirst().allSatisfy { !$0.isOver } && !others.isOver)
            #expect(site.streams.count == 11)
        }
    }

    @Test func `a full process refuses, and takes another when one has left`() async throws {
        var limits = StreamLimits()
        limits.inAll = 1
        try await withSite(limits) { site in
            let first = try await site.open()
            await #expect(throws: Problem.unavailable(retryAfter: 5)) { try await site.open(Self.other) }
            first.leave()
            #expect(try await site.open(Self.other).events.first?.name == "ready")
        }
    }

    @Test func `a ticket opens one stream at a time, again and again until it is over`() async throws {
        try await withSite { site in
            let ticket = try await site.ticket()
            let first = try await site.open(nil, ticket: ticket)
            try await site.tell()
            await first.wait { $0.numbers == [1] }
            let second = try await site.open(nil, ticket: ticket, header: "1")
            await first.wait { $0.isOver }
            #expect(first.events.last?.data == #"{"reason":"replaced"}"#)
            try await site.tell()
            await second.wait { $0.numbers == [2] }
            site.world.clock.pass(.seconds(70 * 60))
            for text in [ticket, "", "x", String(repeating: "A", count: 43)] {
                await #expect(throws: Problem.self) { try await site.open(nil, ticket: text) }
            }
            await #expect(throws: Problem.notAuthenticated) { try await site.open(nil) }
            #expect(!second.isOver)
        }
    }

    @Test func `who reconnects with a ticket at the limit ends no stream but its own`() async throws {
        try await withSite { site in
            let ticket = try await site.ticket()
            var clients: [ReadStream] = []
            for _ in 0..<9 { clients.append(try await site.open()) }
            let first = try await site.open(nil, ticket: ticket)
            let second = try await site.open(nil, ticket: ticket)
            await first.wait { $0.isOver }
            try await site.tell()
            for client in clients + [second] { await client.wait { $0.numbers == [1] } }
            #expect(site.streams.count == 10)
        }
    }

    @Test func `of two openings by one ticket the later stays, whichever comes first to be a stream`() async throws {
        try await withSite { site in
            let ticket = try await site.ticket()
            let uses = [try await site.use(ticket), try await site.use(ticket)]
            let (later, earlier) = (ReadStream(), ReadStream())
            try later.open(site.streams.stream(of: uses[1], from: .ready(0)))
            try earlier.open(site.streams.stream(of: uses[0], from: .ready(0)))
            await earlier.wait { $0.isOver }
            #expect(earlier.events.last?.data == #"{"reason":"replaced"}"#)
            try await site.tell()
            await later.wait { $0.numbers == [1] }
            #expect(!later.isOver)
        }
    }

    @Test func `what ended while a stream was being opened ends it at once, though nobody tells of it again`()
        async throws
    {
        try await withSite(isHeard: false) { site in
            let ticket = try await site.ticket()
            let owner = try await site.use(ticket)
            _ = try await site.use(ticket)
            let replaced = ReadStream()
            try replaced.open(site.streams.stream(of: owner, from: .ready(0)))
            await replaced.wait { $0.isOver }
            #expect(replaced.events.last?.data == #"{"reason":"replaced"}"#)
            let fact = SessionFact(account: Self.owner.account, session: Self.owner.session)
            try await site.world.handler.handle(site.world.envelope(.sessionEnded(fact)))
            let client = ReadStream()
            let known = StreamOwner(account: Self.owner.account, session: Self.owner.session)
            try client.open(site.streams.stream(of: known, from: .ready(0)))
            await client.wait { $0.isOver }
            #expect(client.events.last?.data == #"{"reason":"session_ended"}"#)
        }
    }

    @Test func `of two notifiers the one that opens a stream by a ticket ends the other's`() async throws {
        try await withSite { here in
            try await here.beside { there in
                let ticket = try await here.ticket()
                let first = try await here.open(nil, ticket: ticket)
                let second = try await there.open(nil, ticket: ticket)
                await first.wait { $0.isOver }
                #expect(!second.isOver)
            }
        }
    }

    @Test func `a session's end ends its streams and tickets, and no other's`() async throws {
        try await withSite { site in
            let ticket = try await site.ticket()
            let (first, second) = (try await site.open(), try await site.open(nil, ticket: ticket))
            let others = try await site.open(Self.other)
            let fact = SessionFact(account: Self.owner.account, session: Self.owner.session)
            try await site.world.handler.handle(site.world.envelope(.sessionEnded(fact)))
            for client in [first, second] {
                await client.wait { $0.isOver }
                #expect(client.events.last?.data == #"{"reason":"session_ended"}"#)
            }
            #expect(!others.isOver)
            await #expect(throws: Problem.self) { try await site.open() }
            await #expect(throws: Problem.self) { try await site.open(nil, ticket: ticket) }
        }
    }

    @Test func `a session's end that no notification told is found at the next look`() async throws {
        var limits = StreamLimits()
        limits.tick = .milliseconds(10)
        try await withSite(limits, isHeard: false) { site in
            let client = try await site.open()
            let fact = SessionsFact(account: Self.owner.account, sessions: [Self.owner.session])
            try await site.world.handler.handle(site.world.envelope(.sessionsEnded(fact)))
            await client.wait { $0.isOver }
        }
    }

    @Test func `a stream that has lasted long enough asks its client to connect anew`() async throws {
        var limits = StreamLimits()
        limits.tick = .milliseconds(5)
        limits.lifetime = .milliseconds(50)
        try await withSite(limits) { site in
            let client = try await site.open()
            await client.wait { $0.isOver }
            #expect(client.events.last?.data == #"{"reason":"renew"}"#)
            #expect(site.streams.count == 0)
        }
    }

    @Test func `a process that stops ends all its streams and takes no other`() async throws {
        try await withSite { site in
            var clients: [ReadStream] = []
            for _ in 0..<5 { clients.append(try await site.open()) }
            site.streams.drain(within: .milliseconds(100))
            for client in clients {
                await client.wait { $0.isOver }
                #expect(client.events.last?.data == #"{"reason":"shutdown"}"#)
            }
            await #expect(throws: Problem.unavailable(retryAfter: 5)) { try await site.open(Self.other) }
        }
    }
}
