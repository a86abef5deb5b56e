import API
import Kernel
import Net
import Postgres
import Settings

extension Verb {
    static let eventsDead = Verb(
        name: "events dead", usage: "SERVICE", summary: "Events the service gave up on, the latest first, and why"
    ) { who, raw in
        let arguments = try Arguments(raw, words: 1)
        guard let word = arguments.words.first, let name = ServiceName(rawValue: word), name != .gateway else {
            throw Failure(.usage, "Whose? events dead SERVICE, a service with tables.")
        }
        let address = try who.read(DatabaseSource(service: name.rawValue))
        let lines = try await Network.use { group in try await deadLetters(of: name, at: address, group) }
        for line in lines { who.say(line) }
        return 0
    }

    private static func deadLetters(
        of name: ServiceName, at address: DatabaseAddress, _ group: EventLoopGroup
    ) async throws -> [String] {
        let settings = DatabaseSettings(
            url: address.connectionString, schema: name.rawValue, applicationName: "praxis events")
        do {
            let rows = try await Database(settings, group: group).run(
                """
                select died_at, event_id::text, consumer, type, tries, reason
                from dead_letter order by died_at desc limit 200
                """)
            return try rows.map { row in
                "\(try row.instant(0).rfc3339)  \(try row.text(1))  \(try row.text(2))  \(try row.text(3))  "
                    + "after \(try row.integer(4)) tries: \(try row.text(5))"
            }
        } catch {
            throw Failure(
                .unavailable,
                "The dead letters of \(name.rawValue) cannot be read: is it migrated, does PostgreSQL run?")
        }
    }
}
