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
        let settings = DatabaseSettings(
            url: address.connectionString, schema: name.rawValue, applicationName: "praxis events",
            pooler: try who.pooler())
        let lines = try await Network.use { group in try await deadLetters(of: name, in: settings, group) }
        for line in lines { who.say(line) }
        return 0
    }

    private static func deadLetters(
        of name: ServiceName, in settings: DatabaseSettings, _ group: EventLoopGroup
    ) async throws -> [String] {
        do {
            let line = Projection(
                Column<Instant>("died_at"), Column<String>("event_id::text"), Column<String>("consumer"),
                Column<String>("type"), Column<Int>("tries"), Column<String>("reason")
            ) { died, event, consumer, type, tries, reason in
                "\(died.rfc3339)  \(event)  \(consumer)  \(type)  after \(tries) tries: \(reason)"
            }
            return try await Database(settings, group: group).run(line) {
                "select \($0) from dead_letter order by died_at desc limit 200"
            }
        } catch {
            throw Failure(
                .unavailable,
                "The dead letters of \(name.rawValue) cannot be read: is it migrated, does PostgreSQL run?")
        }
    }
}
