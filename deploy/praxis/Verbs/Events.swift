import API
import Kernel
import Net
import Postgres
import Settings

extension Verb {
    static let eventsDead = Verb(
        name: "events dead", usage: "SERVICE", summary: "Events the service gave up on, the latest first, and why"
    ) { who, raw in
        let name = try service(try Arguments(raw, words: 1).words.first, usage: "Whose? events dead SERVICE")
        let lines = try await ServiceTables(name, for: who).ask { try await deadLetters(in: $0) }
        for line in lines { who.say(line) }
        return 0
    }

    static let eventsRetry = Verb(
        name: "events retry", usage: "SERVICE [EVENT]",
        summary: "Has the service handle its dead letters again, or the one of that event"
    ) { who, raw in
        let words = try Arguments(raw, words: 2).words
        let name = try service(words.first, usage: "Whose? events retry SERVICE [EVENT]")
        let event = try words.dropFirst().first.map { try eventID($0) }
        let marked = try await ServiceTables(name, for: who).ask { try await mark(event, in: $0) }
        who.say(
            "\(marked) \(marked == 1 ? "event is" : "events are") handled again within seconds; events dead says what failed anew"
        )
        return marked == 0 && event != nil ? Failure.Kind.unavailable.rawValue : 0
    }

    static func service(_ word: String?, usage: String) throws(Failure) -> ServiceName {
        guard let word, let name = ServiceName(rawValue: word), name != .gateway else {
            throw Failure(.usage, "\(usage), a service with tables.")
        }
        return name
    }

    static func eventID(_ text: String) throws(Failure) -> ID<EventRecord> {
        guard let id = ID<EventRecord>(text) else { throw Failure(.usage, "\(text) is no event's id.") }
        return id
    }

    private static func deadLetters(in database: Database) async throws -> [String] {
        let line = Projection(
            Column<Instant>("died_at"), Column<String>("event_id::text"), Column<String>("consumer"),
            Column<String>("type"), Column<Int>("tries"), Column<String>("reason")
        ) { died, event, consumer, type, tries, reason in
            "\(died.rfc3339)  \(event)  \(consumer)  \(type)  after \(tries) tries: \(reason)"
        }
        return Array(
            try await database.run(line) { "select \($0) from dead_letter order by died_at desc limit 200" })
    }

    private static func mark(_ event: ID<EventRecord>?, in database: Database) async throws -> Int {
        let one: SQL = event.map { "event_id = \($0)" } ?? "true"
        return try await database.run(
            "update dead_letter set retry_at = now() where type <> 'unreadable' and \(sql: one)"
        ).affected
    }
}
