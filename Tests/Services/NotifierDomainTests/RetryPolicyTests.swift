import Kernel
import NotifierDomain
import Testing

struct RetryPolicyTests {
    let policy = RetryPolicy()
    let start = Instant(seconds: 1_760_000_000)

    func wait(_ outcome: Outcome, attempt: Int, random: Double = 1) -> Duration? {
        let next = policy.next(after: outcome, attempt: attempt, created: start, now: start, random: random)
        guard case .again(let instant) = next else { return nil }
        return instant - start
    }

    @Test func `a deferral waits longer each time, up to an hour`() {
        #expect(wait(.deferred(code: "x"), attempt: 1) == .seconds(60))
        #expect(wait(.deferred(code: "x"), attempt: 2) == .seconds(120))
        #expect(wait(.deferred(code: "x"), attempt: 7) == .seconds(3600))
        #expect(wait(.deferred(code: "x"), attempt: .max) == .seconds(3600))
    }

    @Test func `half of a wait is chance`() {
        #expect(wait(.deferred(code: "x"), attempt: 1, random: 0) == .seconds(30))
        #expect(wait(.deferred(code: "x"), attempt: 1, random: 0.5) == .seconds(45))
    }

    @Test func `who is away is asked again within a minute, so that all goes out soon after they are back`() {
        #expect(wait(.away(code: "x"), attempt: 1) == .seconds(2))
        #expect(wait(.away(code: "x"), attempt: 50) == .seconds(60))
    }

    @Test func `what was taken is sent and what was refused has failed, at once`() {
        #expect(policy.next(after: .accepted, attempt: 1, created: start, now: start, random: 0) == .sent)
        #expect(
            policy.next(after: .refused(code: "smtp_550"), attempt: 1, created: start, now: start, random: 0) == .failed
        )
    }

    @Test func `after a day there is one last try, then it is over`() {
        let late = start + .seconds(86_400 - 10)
        let end = start + .seconds(86_400)
        #expect(
            policy.next(after: .deferred(code: "x"), attempt: 30, created: start, now: late, random: 1)
                == .again(at: end))
        #expect(policy.next(after: .deferred(code: "x"), attempt: 31, created: start, now: end, random: 1) == .dead)
    }

    @Test func `what lives shortly is tried again sooner, and not at all when it is over`() {
        let short = policy.lasting(.seconds(600))
        #expect(
            short.next(after: .deferred(code: "x"), attempt: 1, created: start, now: start, random: 1)
                == .again(at: start + .seconds(15)))
        #expect(policy.lasting(.seconds(86_400)).base == .seconds(60))
        #expect(!short.isOver(since: start, at: start + .seconds(600)))
        #expect(short.isOver(since: start, at: start + .seconds(661)))
    }

    @Test func `the parts of a try are less than its lease, and the lease less than a minute`() {
        #expect(TryLease.writing + TryLease.sending + TryLease.settling < TryLease.whole)
        // A round begins each second.
        #expect(TryLease.whole <= .seconds(45))
    }
}
