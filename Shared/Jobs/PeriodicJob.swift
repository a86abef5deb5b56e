// Jobs: work that no request starts. One loop for all of it: interval, jitter, back-off, shutdown, the catch, one log
// line and the metrics; what is done each time is the caller's.

package import Lifecycle
package import Observability

/// Work by the clock. A run that throws is logged once and repeated after a back-off, and keeps no other job waiting;
/// each job has its own loop. The first run is at once.
package struct PeriodicJob: Service {
    package let name: String
    private let interval: Duration
    private let jitter: Double
    private let backoff: Backoff
    private let wake: WakeSignal
    private let time: JobTime
    private let meter: JobMeter
    private let work: @Sendable () async throws -> Bool
    private let atEnd: (@Sendable () async -> Void)?
    private let leader: JobLeader?

    /// - Parameters:
    ///   - name: of the log line and of the metrics' label `job`; a constant.
    ///   - interval: from the end of a run to the next.
    ///   - jitter: the share of the interval by which a pause may be shorter or longer, so that replicas do not run
    ///     together.
    ///   - backoff: after runs that failed; without it from half a second up to the interval.
    ///   - wake: starts a run before its time.
    ///   - leader: where one of several copies does the work: the others ask at each interval, and take over.
    ///   - atEnd: done once after the process was asked to stop.
    ///   - work: one run.
    package init(
        _ name: String, every interval: Duration, jitter: Double = 0.1, backoff: Backoff? = nil,
        wake: WakeSignal = WakeSignal(), leader: JobLeader? = nil, metrics: Metrics, time: JobTime = .system,
        atEnd: (@Sendable () async -> Void)? = nil, work: @escaping @Sendable () async throws -> Void
    ) {
        self.init(
            name, every: interval, jitter: jitter, backoff: backoff, wake: wake, leader: leader, metrics: metrics,
            time: time, atEnd: atEnd,
            draining: {
                try await work()
                return false
            })
    }

    /// - Parameter work: one run; true when more is waiting, and the next run follows at once.
    package init(
        _ name: String, every interval: Duration, jitter: Double = 0.1, backoff: Backoff? = nil,
        wake: WakeSignal = WakeSignal(), leader: JobLeader? = nil, metrics: Metrics, time: JobTime = .system,
        atEnd: (@Sendable () async -> Void)? = nil, draining work: @escaping @Sendable () async throws -> Bool
    ) {
        self.name = name
        self.interval = interval
        self.jitter = jitter
        self.backoff = backoff ?? Backoff(base: min(.milliseconds(500), interval), cap: interval)
        self.wake = wake
        self.time = time
        self.work = work
        self.atEnd = atEnd
        self.leader = leader
        meter = JobMeter(name, metrics, time)
    }

    package func run() async {
        var failures = 0
        await RepeatedWork.run(wake: wake, time: time) {
            switch await once(logging: failures == 0) {
            case .more?:
                failures = 0
                return .zero
            case .done?:
                if failures > 0 { log.info("a job works again", ["job": name]) }
                failures = 0
                return interval * (1 + jitter * (2 * time.random() - 1))
            case nil:
                failures = min(failures + 1, 32)
                return max(backoff.delay(failures - 1, random: 0.5 + time.random() / 2), .milliseconds(1))
            }
        }
        await atEnd?()
    }

    /// How a run ended; nil when it failed.
    package enum Outcome: Sendable, Equatable { case done, more }

    /// One run, with its catch and its metrics.
    @discardableResult
    package func once(logging: Bool = true) async -> Outcome? {
        do {
            if let leader, try await !leader.isLeading() {
                meter.stoodBy(at: time.now())
                return .done
            }
            let isMoreWaiting = try await work()
            meter.succeeded(at: time.now())
            return isMoreWaiting ? .more : .done
        } catch {
            if Shutdown.current.isRequested, error is CancellationError { return .done }
            meter.failed()
            if logging {
                log.warning(
                    "a job failed, and is tried again", ["job": name, "fault": String(describing: type(of: error))])
            }
            return nil
        }
    }
}
