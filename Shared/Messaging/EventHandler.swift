package import Events
import JSON
import Kernel
import Observability
package import Postgres

/// Handles each event once: the effect and the row in `handled` are one transaction.
package struct EventHandler: Sendable {
    /// What an event changes, inside the given transaction. A throw rolls it back; the event is tried again and finally
    /// becomes a dead letter.
    package typealias Effect = @Sendable (EventEnvelope, Transaction) async throws -> Void

    package let consumer: String
    private let database: Database
    /// Whether an event of that name may change anything here. Of one that does not nothing is kept, not even that it
    /// came: its entry is acknowledged with the others that were read.
    package let hears: @Sendable (_ type: String) -> Bool
    let effect: Effect

    package init(
        consumer: String, database: Database, hears: @escaping @Sendable (_ type: String) -> Bool = { _ in true },
        effect: @escaping Effect
    ) {
        self.consumer = consumer
        self.database = database
        self.hears = hears
        self.effect = effect
    }

    var deadLetters: DeadLetters { DeadLetters(database: database) }

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
            try await effect(envelope, tx)
            return true
        }
    }

    /// Which of the events were handled before.
    func handled(_ ids: [ID<EventRecord>]) async throws -> Set<ID<EventRecord>> {
        if ids.isEmpty { return [] }
        return Set(
            try await database.run(Column<ID<EventRecord>>("event_id")) {
                "select \($0) from handled where consumer = \(consumer) and event_id = any(\(ids))"
            })
    }

    /// Gives up on an event: it is kept with the reason, marked as handled and not tried again.
    package func moveToDeadLetters(_ envelope: EventEnvelope, reason: String, tries: Int) async throws {
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

    /// Gives up on an entry that is not an event.
    func moveToDeadLetters(_ entry: DecodedEntry) async throws {
        try await database.run(
            """
            insert into dead_letter (consumer, event_id, source, type, envelope, reason, tries)
            values (\(consumer), \(entry.fallbackID), \(entry.source), 'unreadable', \(entry.text), 'unreadable', 1)
            on conflict do nothing
            """)
        log.error("an entry of a stream is no event", ["source": entry.source])
    }
}
