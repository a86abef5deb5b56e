import Jobs
import Observability
import Postgres

extension KeptAnswers {
    /// Forgets kept answers a day after they were given.
    func cleaner(of database: Database, _ metrics: Metrics) -> PeriodicJob {
        PeriodicJob(
            "kept answers", every: .seconds(600), metrics: metrics,
            draining: { try await forget(in: database) > 0 })
    }
}
