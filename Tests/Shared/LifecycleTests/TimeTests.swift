import Lifecycle
import Testing

@Suite struct TimeTests {
    private let start = MonotonicTime(nanoseconds: 1_000)

    @Test func `a deadline passes at its moment and never has less than nothing left`() {
        let deadline = Deadline.after(.nanoseconds(500), from: start)
        #expect(!deadline.isPast(at: MonotonicTime(nanoseconds: 1_499)))
        #expect(deadline.isPast(at: MonotonicTime(nanoseconds: 1_500)))
        #expect(deadline.remaining(at: start) == .nanoseconds(500))
        #expect(deadline.remaining(at: MonotonicTime(nanoseconds: 9_000)) == .zero)
    }

    @Test func `times saturate where they would overflow`() {
        #expect(start.advanced(by: .seconds(Int64.max)).nanoseconds == .max)
        #expect(Deadline.after(.seconds(Int64.max), from: start) == .never)
        #expect(Duration.seconds(Int64.min).wholeNanoseconds == .min)
    }

    @Test func `the wait before a retry doubles up to its cap and is spread over all of it`() {
        let backoff = Backoff(base: .milliseconds(100), cap: .seconds(1))
        #expect((0..<6).map { backoff.ceiling($0) } == [100, 200, 400, 800, 1_000, 1_000].map { .milliseconds($0) })
        #expect(backoff.delay(2, random: 0) == .zero)
        #expect(backoff.delay(2, random: 0.5) == .milliseconds(200))
        #expect(backoff.ceiling(1_000_000) == .seconds(1))
    }

    @Test func `a rhythm is due at once and then once an interval`() {
        var every = Every(.seconds(1))
        let asked: [Duration] = [.zero, .milliseconds(999), .seconds(5), .milliseconds(5_500)]
        let answers = asked.map { every.isDue(at: start.advanced(by: $0)) }
        #expect(answers == [true, false, true, false])
    }

    @Test func `a shutdown is heard by those who wait and by those who come late`() async {
        let shutdown = Shutdown()
        let calls = Locked(0)
        let forgotten = shutdown.onRequest { calls.withLock { $0 += 100 } }
        shutdown.forget(forgotten)
        shutdown.onRequest { calls.withLock { $0 += 1 } }
        async let waited: Void = shutdown.wait()
        shutdown.request()
        await waited
        shutdown.onRequest { calls.withLock { $0 += 10 } }
        #expect(calls.withLock { $0 } == 11)
        #expect(shutdown.isRequested)
    }
}
