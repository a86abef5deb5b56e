import Events
import JSON
package import Kernel
package import Postgres

/// An event that was given up on, with the reason.
package struct DeadLetter: Sendable, Equatable {
    package let event: ID<EventRecord>
    package let source: String
    package let type: String
    /// Kinds and codes; never what the event is about.
    package let reason: String
    package let tries: Int
    package let movedAt: Instant

    fileprivate static let row = Projection(
        Column<ID<EventRecord>>("event_id"), Column<String>("source"), Column<String>("type"),
        Column<String>("reason"), Column<Int>("tries"), Column<Instant>("died_at"), make: DeadLetter.init)
}

/// Events a consumer gave up on, as an operator sees them.
package struct DeadLetters: Sendable {
    private let database: Database

    package init(database: Database) { self.database = database }

    /// The newest first.
    package func list(of consumer: String, limit: Int = 100) async throws -> [DeadLetter] {
        try await database.read(DeadLetter.row) {
            """
            select \($0) from dead_letter
            where consumer = \(consumer) order by died_at desc, event_id desc limit \(limit)
            """
        }
    }

    /// Handles again the one that waits longest of those an operator marked. One that fails again stays, unmarked and
    /// with the new reason. False when none is marked.
    package func retryNext(with handler: EventHandler) async throws -> Bool {
        let marked = try await database.run(Column<ID<EventRecord>>("event_id")) {
            """
            select \($0) from dead_letter where consumer = \(handler.consumer) and retry_at is not null
            order by event_id limit 1
            """
        }
        guard let event = marked.first else { return false }
        do {
            _ = try await replay(event, with: handler)
        } catch {
            guard let reason = HandlingError(error).reason else { throw error }
            try await database.run(
                """
                update dead_letter set retry_at = null, reason = \(reason), tries = tries + 1
                where consumer = \(handler.consumer) and event_id = \(event)
                """)
        }
        return true
    }

    /// Applies the event's effect and deletes the dead letter in the same transaction. False when there is no such dead
    /// letter; a throw keeps it.
    package func replay(_ event: ID<EventRecord>, with handler: EventHandler) async throws -> Bool {
        try await database.transaction { tx in
            let envelopes = try await tx.run(Column<JSONText>("envelope")) {
                "delete from dead_letter where consumer = \(handler.consumer) and event_id = \(event) returning \($0)"
            }
            guard let bytes = envelopes.first?.bytes else { return false }
            guard let json = try? JSONReader.read(bytes),
                let envelope = try? EventEnvelope(json: json)
            else { throw Problem(.conflict, "The event is not readable.") }
            try await handler.effect(envelope, tx)
            return true
        }
    }
}
