import Kernel
import NotifierDomain
import Testing

struct HookRetryPlanTests {
    let start = Instant(seconds: 1_760_000_000)

    func next(
        _ outcome: HookOutcome = .failed("time_out"), attempt: Int = 1, after passed: Duration = .zero,
        random: Double = 0.5
    ) -> HookRetryPlan.Next {
        HookRetryPlan.next(after: outcome, attempt: attempt, first: start, now: start + passed, random: random)
    }

    @Test(arguments: [(1, 5), (2, 30), (3, 120), (4, 600), (5, 1800), (6, 3600), (7, 3600), (29, 3600)])
    func `tries follow soon at first, then hourly, each by a fifth sooner or later`(attempt: Int, seconds: Int64) {
        #expect(next(attempt: attempt) == .again(at: start + .seconds(seconds)))
        #expect(next(attempt: attempt, random: 0) == .again(at: start + .milliseconds(seconds * 800)))
        #expect(next(attempt: attempt, random: 1) == .again(at: start + .milliseconds(seconds * 1200)))
    }

    @Test func `the last try is a day after the first, and then it is given up`() {
        let day = Duration.seconds(86_400)
        #expect(next(attempt: 28, after: day - .seconds(60)) == .again(at: start + day))
        #expect(next(attempt: 29, after: day) == .failed)
        #expect(next(.answered(200, retryAfter: nil, milliseconds: 3), attempt: 29, after: day + day) == .sent)
    }

    @Test(arguments: [
        (429, 60, 60), (503, 1800, 1800), (503, 7200, 3600), (429, -5, 5), (503, 1, 5), (500, 1800, 5), (302, 1800, 5),
    ])
    func `a busy receiver is waited for, an hour at most`(status: Int, asked: Int, waited: Int64) {
        let outcome = HookOutcome.answered(status, retryAfter: asked, milliseconds: 3)
        #expect(next(outcome) == .again(at: start + .seconds(waited)))
    }

    @Test(arguments: [200, 201, 204, 299]) func `2xx alone is a success`(status: Int) {
        #expect(HookOutcome.answered(status, retryAfter: nil, milliseconds: 1).isSuccess)
    }

    @Test(arguments: [(301, "redirect"), (308, "redirect"), (400, "status"), (410, "gone"), (500, "status")])
    func `every other status has its code`(status: Int, code: String) {
        let outcome = HookOutcome.answered(status, retryAfter: nil, milliseconds: 1)
        #expect(!outcome.isSuccess && outcome.error == code && outcome.status == status)
        #expect(outcome.isGone == (status == 410))
    }
}
