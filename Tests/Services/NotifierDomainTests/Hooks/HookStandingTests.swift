import Kernel
import NotifierDomain
import Testing

struct HookStandingTests {
    let now = Instant(seconds: 1_760_000_000)
    let well = HookStanding(isActive: true, succeededAt: nil, failingSince: nil, warnedAt: nil)

    @Test(arguments: [HookRetryPlan.Next.failed, .again(at: Instant(seconds: 1_760_000_100))])
    func `a secret that we cannot open says nothing about the receiver`(next: HookRetryPlan.Next) {
        var standing = well
        #expect(standing.note(.sealed, next, first: now, at: now) == nil)
        #expect(standing == well)
    }

    @Test func `a receiver fails from its first failure on, and is turned off when an event is given up`() {
        var standing = well
        #expect(standing.note(.failed("tls"), .again(at: now + .seconds(5)), first: now, at: now) == nil)
        #expect(standing.isActive && standing.failingSince == now)
        #expect(standing.note(.failed("tls"), .failed, first: now, at: now + .seconds(86_400)) == .failing)
        #expect(!standing.isActive && standing.failingSince == now)
    }
}
