import Jobs
import Lifecycle
import Observability
import Testing

@Suite struct PeriodicJobTests {
    private struct Failed: Error {}

    /// A clock that stands still but for waits, which it notes and makes pass at once.
    private final class GivenTime: Sendable {
        private let state = Locked((now: MonotonicTime(nanoseconds: 0), waits: [Duration]()))
        let shutdown = Shutdown()
        let limit: Int
        let random: Double

        init(waits limit: Int, random: Double = 0.5) {
            self.limit = limit
            self.random = random
        }

        var waits: [Duration] { state.withLock { $0.waits } }

        /// Requests the stop at the last wait.
        var time: JobTime {
            JobTime(
                now: { [self] in state.withLock { $0.now } }, random: { [random] in random },
                wait: { [self] _, duration in
                    let count = state.withLock { state in
                        state.now = state.now.advanced(by: duration)
                        state.waits.append(duration)
                        return state.waits.count
                    }
                    if count >= limit { shutdown.request() }
                })
        }

        func run(_ job: PeriodicJob) async { await Shutdown.$current.withValue(shutdown) { await job.run() } }
    }

    @Test func `it runs at once, then every interval, until the stop is requested`() async {
        let given = GivenTime(waits: 3)
        let runs = Locked(0)
        await given.run(
            PeriodicJob("test", every: .seconds(5), metrics: Metrics(), time: given.time) { runs.withLock { $0 += 1 } })
        #expect(runs.withLock { $0 } == 3)
        #expect(given.waits == [.seconds(5), .seconds(5), .seconds(5)])
    }

    @Test(arguments: [(0.0, 7.5), (0.5, 10.0), (0.75, 11.25)])
    func `a pause is shorter or longer by chance`(random: Double, seconds: Double) async {
        let given = GivenTime(waits: 1, random: random)
        await given.run(
            PeriodicJob("test", every: .seconds(10), jitter: 0.25, metrics: Metrics(), time: given.time) {})
        #expect(given.waits == [.seconds(seconds)])
    }

    @Test func `runs that fail are repeated after longer and longer pauses, and counted`() async {
        let given = GivenTime(waits: 6)
        let (runs, metrics) = (Locked(0), Metrics())
        await given.run(
            PeriodicJob(
                "test", every: .seconds(60), backoff: Backoff(base: .seconds(1), cap: .seconds(4)), metrics: metrics,
                time: given.time,
                work: {
                    let run = runs.withLock { runs in
                        runs += 1
                        return runs
                    }
                    if run != 5 { throw Failed() }
                }))
        // Three quarters of the ceiling each, and after a success from the beginning again.
        #expect(given.waits == [0.75, 1.5, 3, 3, 60, 0.75].map { .seconds($0) })
        #expect(metrics.counter("praxis_job_runs_total", "", ["job": "test"]).value == 6)
        #expect(metrics.counter("praxis_job_failures_total", "", ["job": "test"]).value == 5)
    }

    @Test func `a copy that does not lead asks at each interval, and works when it leads`() async {
        let given = GivenTime(waits: 5)
        let (asked, runs, metrics) = (Locked(0), Locked(0), Metrics())
        let leader = JobLeader {
            asked.withLock { asked in
                asked += 1
                return asked > 3
            }
        }
        await given.run(
            PeriodicJob("test", every: .seconds(5), leader: leader, metrics: metrics, time: given.time) {
                runs.withLock { $0 += 1 }
            })
        #expect(asked.withLock { $0 } == 5)
        #expect(runs.withLock { $0 } == 2)
        #expect(given.waits == Array(repeating: .seconds(5), count: 5))
        #expect(metrics.counter("praxis_job_runs_total", "", ["job": "test"]).value == 2)
        #expect(metrics.counter("praxis_job_failures_total", "", ["job": "test"]).value == 0)
    }

    @Test func `a job whose leader cannot be known does not run, and has failed`() async {
        let given = GivenTime(waits: 2)
        let (runs, metrics) = (Locked(0), Metrics())
        await given.run(
            PeriodicJob(
                "test", every: .seconds(60), leader: JobLeader { throw Failed() }, metrics: metrics, time: given.time
            ) { runs.withLock { $0 += 1 } })
        #expect(runs.withLock { $0 } == 0)
        #expect(metrics.counter("praxis_job_failures_total", "", ["job": "test"]).value == 2)
    }

    @Test func `while more is waiting it does not pause`() async {
        let given = GivenTime(waits: 1)
        let left = Locked(4)
        let job = PeriodicJob(
            "test", every: .seconds(60), metrics: Metrics(), time: given.time,
            draining: {
                left.withLock { left in
                    left -= 1
                    return left > 0
                }
            })
        await given.run(job)
        #expect(left.withLock { $0 } == 0)
        #expect(given.waits == [.seconds(60)])
    }

    @Test func `after the stop was requested it does what it does at the end, and no run`() async {
        let given = GivenTime(waits: 1)
        given.shutdown.request()
        let done = Locked<[String]>([])
        let job = PeriodicJob(
            "test", every: .seconds(60), metrics: Metrics(), time: given.time,
            atEnd: { done.withLock { $0.append("end") } }
        ) { done.withLock { $0.append("run") } }
        await given.run(job)
        #expect(done.withLock { $0 } == ["end"])
        #expect(given.waits.isEmpty)
    }
}
