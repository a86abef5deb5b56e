import Lifecycle
import Observability

/// What `/metrics` shows of a job.
struct JobMeter: Sendable {
    private let runs: Counter
    private let failures: Counter
    private let lastSuccess: Locked<MonotonicTime>

    init(_ name: String, _ metrics: Metrics, _ time: JobTime) {
        let lastSuccess = Locked(time.now())
        self.lastSuccess = lastSuccess
        runs = metrics.counter("praxis_job_runs_total", "Runs of a periodic job.", ["job": name])
        failures = metrics.counter("praxis_job_failures_total", "Runs of a periodic job that failed.", ["job": name])
        metrics.gauge(
            "praxis_job_last_success_seconds",
            "Seconds since a periodic job last succeeded, was made, or was left to the copy that leads.",
            ["job": name]
        ) {
            Double(lastSuccess.withLock { $0 }.duration(to: time.now()).wholeNanoseconds) / 1_000_000_000
        }
    }

    func succeeded(at now: MonotonicTime) {
        runs.add()
        lastSuccess.withLock { $0 = now }
    }

    /// Another copy leads, and does the work.
    func stoodBy(at now: MonotonicTime) { lastSuccess.withLock { $0 = now } }

    func failed() {
        runs.add()
        failures.add()
    }
}
