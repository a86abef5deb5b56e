package import Events
import JSON
import Kernel
import Observability
package import Postgres

/// Does what is to be done about one event, once: the effect and the note that it was handled are one transaction.
package struct Handling: Sendable {
    /// The effect, in the transaction it is given. A throw undoes it; it is tried again, at last kept as a dead letter.
    package typealias React = @Sendable (EventEnvelope, Transaction) async throws -> Void

    package let consumer: String
    private let database: Database
    let react: React

    package init(consumer: String, database: Database, react: @escaping React) {
        (self.consumer, self.database, self.react) = (consumer, database, react)
    }

    /// True when the effect was made now, false when it had been made before.
    @discardableResult
    package func handle(_ envelope: EventEnvelope) async throws -> Bool {
        try await database.transaction { tx in
            let noted = try await tx.run(
                """
                insert into handled (consumer, event_id) values (\(consumer), \(envelope.id))
                on conflict do nothing
                """)
            guard noted.affected == 1 else { return false }
            try await react(envelope, tx)
            return true
        }
    }

    /// Gives up on an event: kept with its reason, and never handled by itself again.
    package func bury(_ envelope: EventEnvelope, reason: String, tries: Int) async throws {
        try await database.transaction { tx in
            try await tx.run(
                """
                insert into dead_letter (consumer, event_id, source, type, envelope, reason, tries)
                values (\(consumer), \(envelope.id), \(envelope.source), \(envelope.type),
                    \(JSONText(envelope.json.bytes)), \(reason), \(tries))
                on conflict do nothing
                """)
            try await tx.run(
                """
                insert into handled (consumer, event_id) values (\(consumer), \(envelope.id))
                on conflict do nothing
                """)
        }
        log.error("an event could not be handled", ["type": envelope.type, "tries": tries])
    }

    /// Gives up on what is no event at all.
    func bury(_ entry: ReadEntry) async throws {
        try await database.run(
            """
            insert into dead_letter (consumer, event_id, source, type, envelope, reason, tries)
            values (\(consumer), \(entry.fallback), \(entry.source), 'unreadable', \(entry.text), 'unreadable', 1)
            on conflict do nothing
            """)
        log.error("an entry of a stream is no event", ["source": entry.source])
    }
}
