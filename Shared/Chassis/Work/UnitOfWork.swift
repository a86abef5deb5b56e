package import API
import Kernel
package import Postgres
package import Web

/// A write as the caller asked for it: one transaction in the caller's name, with everything that belongs to it.
package struct UnitOfWork: Sendable {
    private let database: Database
    private let idempotency: IdempotencyStore?

    /// Without `idempotency` an `Idempotency-Key` has no effect: for tests of what is written alone.
    package init(database: Database, idempotency: IdempotencyStore? = nil) {
        self.database = database
        self.idempotency = idempotency
    }

    /// Runs `body` and commits when it returns. It may be run again after a deadlock, so it must do nothing but speak
    /// to the database. With an `Idempotency-Key` the answer is kept in the same transaction, and given again (as a
    /// thrown `Replay`) instead of doing the work a second time; whatever `body` throws undoes the key too.
    package func write<Gives: Answer>(
        _ call: Call, refusals: Refusals = [:], _ body: (Transaction) async throws -> Gives
    ) async throws -> Gives {
        try await database.transaction(as: call.origin.scope, refusals: refusals, until: call.deadline) { tx in
            guard let idempotency, let key = call.idempotencyKey else { return try await body(tx) }
            try await idempotency.claim(key, call, in: tx)
            let answer = try await body(tx)
            try await idempotency.save(answer.repeated.response(to: call), key, call, in: tx)
            return answer
        }
    }

    /// Throws the first answer (as `Replay`) of a request that is repeated under its `Idempotency-Key`; for what must
    /// be proven before the write and cannot be proven twice, as an old password. It may miss an answer that is only
    /// just being given: what fails after it is still to be refused inside `write`.
    package func recall(_ call: Call) async throws {
        guard let idempotency, let key = call.idempotencyKey else { return }
        try await idempotency.recall(key, call, in: database)
    }
}
