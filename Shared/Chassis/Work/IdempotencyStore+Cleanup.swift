import Jobs
import Observability
import Postgres

extension IdempotencyStore {
    /// Deletes stored answers a day after they were given.
    func cleanup(in database: Database, _ metrics: Metrics) -> PeriodicJob {
        PeriodicJob(
            "idempotency keys", every: .seconds(600), metrics: metrics,
            draining: { try await removeExpired(in: database) > 0 })
    }
}
