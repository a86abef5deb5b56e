import Events
import JSON
package import Kernel
package import Postgres

/// Events a consumer gave up, as an operator sees them.
package struct DeadLetters: Sendable {
    private let database: Database

    package init(database: Database) { self.database = database }

    /// An event that was given up on, with the reason.
    package struct Letter: Sendable, Equatable {
        package let event: ID<EventRecord>
        package let source: String
        package let type: String
        /// Kinds and codes; never what the event is about.
        package let reason: String
        package let tries: Int
        package let died: Instant

        fileprivate static let row = Projection(
            Column<ID<EventRecord>>("event_id"), Column<String>("source"), Column<String>("type"),
            Column<String>("reason"), Column<Int>("tries"), Column<Instant>("died_at"), make: Letter.init)
    }

    /// The newest first.
    package func list(of consumer: String, limit: Int = 100) async throws -> [Letter] {
        try await database.read(Letter.row) {
            """
            select \($0) from dead_letter
            where consumer = \(consumer) order by died_at desc, event_id desc limit \(limit)
            """
        }
    }

    /// Does now what could not be done then, and forgets the letter in the same transaction. False when there is no
    /// such letter; a throw leaves it where it is.
    package func replay(_ event: ID<EventRecord>, by handling: Handling) async throws -> Bool {
        try await database.transaction { tx in
            let letters = try await tx.run(Column<JSONText>("envelope")) {
                "delete from dead_letter where consumer = \(handling.consumer) and event_id = \(event) returning \($0)"
            }
            guard let letter = letters.first else { return false }
            guard let json = try? JSONReader.read(letter.bytes),
                let envelope = try? EventEnvelope(json: json)
            else { throw Problem(.conflict, "The event is not readable.") }
            try await handling.react(envelope, tx)
            return true
        }
    }
}
