internal import Observability

/// What the database costs, in seconds, waiting for a connection included.
struct QueryTimes: Sendable {
    let reads: Histogram
    let runs: Histogram
    let transactions: Histogram
    let retries: Counter

    init(_ metrics: Metrics) {
        let time = { (kind: String) in
            metrics.histogram("praxis_database_seconds", "Time spent on calls to the database.", ["kind": kind])
        }
        reads = time("read")
        runs = time("run")
        transactions = time("transaction")
        retries = metrics.counter(
            "praxis_database_retries_total", "Transactions run again after a deadlock or a lost race.")
    }
}
