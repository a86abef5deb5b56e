package import API
package import Postgres
package import Web

/// A write as the caller asked for it: one transaction in the caller's name, with everything that belongs to it.
package struct UnitOfWork: Sendable {
    private let database: Database

    package init(database: Database) { self.database = database }

    /// Runs `body` and commits when it returns. It may be run again after a deadlock, so it must do nothing but speak to
    /// the database. With an `Idempotency-Key` the answer is kept in the same transaction, and given again instead of
    /// doing the work a second time.
    package func write<Gives: Answer>(
        _ call: Call, refusals: Refusals = [:], _ body: (Transaction) async throws -> Gives
    ) async throws -> Gives {
        try await database.transaction(as: call.scope, refusals: refusals, until: call.deadline, body)
    }
}
