import API
import Kernel
import Postgres

extension Verb {
    static let eventsReplay = Verb(
        name: "events replay", usage: "SOURCE --from ID|TIME [--consumer SERVICE]",
        summary: "Sends a service's events again from one or a time on; who handled them does nothing"
    ) { who, raw in
        let arguments = try Arguments(raw, options: ["from", "consumer"], words: 1)
        let source = try service(
            arguments.words.first, usage: "Whose? events replay SOURCE --from ID|TIME [--consumer SERVICE]")
        guard let from = arguments.options["from"].flatMap(ReplayStart.init) else {
            throw Failure(.usage, "--from names an event's id, or a time as 2026-01-31T10:00:00Z.")
        }
        let tables = try ServiceTables(source, for: who)
        var events = try await tables.ask { try await sent(from: from, in: $0) }
        if let word = arguments.options["consumer"] {
            let consumer = try service(word, usage: "--consumer names a service that hears events")
            let handled = try await ServiceTables(consumer, for: who).ask { [events] in
                try await Self.handled(events, by: consumer, in: $0)
            }
            events.removeAll { handled.contains($0) }
        }
        let again = try await tables.ask { [events] in try await sendAgain(events, in: $0) }
        who.say("\(again) \(again == 1 ? "event is" : "events are") sent again within seconds")
        return 0
    }

    private static func sent(from start: ReplayStart, in database: Database) async throws -> [ID<EventRecord>] {
        let condition: SQL
        switch start {
        case .event(let id): condition = "position >= (select position from outbox where event_id = \(id))"
        case .time(let time): condition = "recorded_at >= \(time)"
        }
        return Array(
            try await database.run(Column<ID<EventRecord>>("event_id")) {
                "select \($0) from outbox where stream_ms is not null and \(sql: condition) order by position"
            })
    }

    private static func handled(
        _ events: [ID<EventRecord>], by consumer: ServiceName, in database: Database
    ) async throws -> Set<ID<EventRecord>> {
        Set(
            try await database.run(Column<ID<EventRecord>>("event_id")) {
                """
                select \($0) from handled
                where consumer = \(consumer.rawValue) and event_id = any(\(events)::uuid[])
                """
            })
    }

    /// In one transaction: the relay takes all of them in their order, and sees no gap between. The live copies were
    /// published, and are not again.
    private static func sendAgain(_ events: [ID<EventRecord>], in database: Database) async throws -> Int {
        try await database.run(
            "update outbox set stream_ms = null, stream_seq = null where event_id = any(\(events)::uuid[])"
        ).affected
    }
}

/// Where a replay begins.
enum ReplayStart: Sendable {
    case event(ID<EventRecord>)
    case time(Instant)

    init?(_ text: String) {
        if let id = ID<EventRecord>(text) {
            self = .event(id)
        } else if let time = Instant(rfc3339: text) {
            self = .time(time)
        } else {
            return nil
        }
    }
}
