import Events
import JSON
package import Kernel
package import Postgres

/// Events a consumer gave up, as an operator sees them.
package struct DeadLetters: Sendable {
    private let database: Database

    package init(database: Database) { self.database = database }

    package struct Letter: Sendable, Equatable {
        package let event: ID<EventRecord>
        package let source: String
        package let type: String
        /// Kinds and codes; never what the event is about.
        package let reason: String
        package let tries: Int
        package let died: Instant
    }

    /// The newest first.
    package func list(of consumer: String, limit: Int = 100) async throws -> [Letter] {
        let rows = try await database.read(
            """
            select event_id, source, type, reason, tries, died_at from dead_letter
            where consumer = \(consumer) order by died_at desc, event_id desc limit \(limit)
            """)
        return try rows.map { row in
            Letter(
                event: try row.id(0), source: try row.text(1), type: try row.text(2), reason: try row.text(3),
                tries: try row.integer(4), died: try row.instant(5))
        }
    }

    /// Does now what could not be done then, and forgets the letter in the same transaction. False when there is no such
    /// letter; a throw leaves it where it is.
    package func replay(_ event: ID<EventRecord>, by handling: Handling) async throws -> Bool {
        try await database.transaction { tx in
            let rows = try await tx.run(
                """
                delete from dead_letter where consumer = \(handling.consumer) and event_id = \(event) returning envelope
                """)
            guard let row = rows.first else { return false }
            guard let json = try? JSONReader.read(Array(try row.text(0).utf8)),
                let envelope = try? EventEnvelope(json: json)
            else { throw Problem(.conflict, "The event is not readable.") }
            try await handling.react(envelope, tx)
            return true
        }
    }
}
