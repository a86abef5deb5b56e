import IdentityDomain
import Kernel
import Testing

struct AskingLimitTests {
    private let limit = AskingLimit(number: 2, window: .seconds(60))
    private let now = Instant(seconds: 1_760_000_000)

    @Test func `what lies a window back counts no more`() {
        #expect(limit.begin(at: now) == now - .seconds(60))
    }

    @Test func `who waits is told how long, and never not at all`() {
        #expect(limit.wait(since: now - .seconds(20), at: now) == .seconds(40))
        #expect(limit.wait(since: now - .seconds(60), at: now) == .seconds(1))
    }

    @Test func `a request older than a link can be is forgotten`() {
        #expect(ResetRules.forgets(at: now) == now - .seconds(3600))
    }
}
