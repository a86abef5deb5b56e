import Testing

@testable import HTTP

@Suite struct BodyTimerTests {
    private static let limits: ConnectionLimits = {
        var limits = HTTPLimits()
        limits.bodyIdle = .seconds(10)
        limits.bodyRate = 1_024
        return ConnectionLimits(limits)
    }()

    private static func seconds(_ count: Int64) -> Int64 { count * 1_000_000_000 }

    private static func timer(within timeout: Int64 = .max) -> BodyTimer {
        BodyTimer(expectsContinue: false, timeout: timeout)
    }

    @Test func `a client that waits to be told to go on is told once`() {
        var timer = BodyTimer(expectsContinue: true, timeout: .max)
        #expect(timer.expectsContinue)
        #expect([timer.beginWaiting(at: 0), timer.beginWaiting(at: 1)] == [true, false])
        #expect(!timer.expectsContinue)
    }

    @Test func `nobody waits, nobody is late`() {
        var timer = Self.timer(within: 1)
        #expect(timer.expires(at: .max, lastRead: 0, Self.limits) == false)
        _ = timer.beginWaiting(at: 0)
        timer.endWaiting(at: 1)
        #expect(timer.expires(at: .max, lastRead: 0, Self.limits) == false)
    }

    @Test func `a silence counts from the last byte, or from when more was asked for`() {
        var timer = Self.timer()
        _ = timer.beginWaiting(at: Self.seconds(100))
        #expect(timer.expires(at: Self.seconds(110), lastRead: 0, Self.limits) == false)
        #expect(timer.expires(at: Self.seconds(110) + 1, lastRead: 0, Self.limits) == true)
        #expect(timer.isTooSlow)
        timer = Self.timer()
        timer.received(1_000_000)
        _ = timer.beginWaiting(at: Self.seconds(100))
        #expect(timer.expires(at: Self.seconds(115), lastRead: Self.seconds(105), Self.limits) == false)
    }

    @Test func `all waiting together is bounded by what this request may take`() {
        var timer = Self.timer(within: Self.seconds(60))
        for begin in stride(from: Int64(0), to: 600, by: 100) {
            _ = timer.beginWaiting(at: Self.seconds(begin))
            timer.received(1_000_000)
            #expect(
                timer.expires(at: Self.seconds(begin + 10), lastRead: Self.seconds(begin + 9), Self.limits) == false)
            timer.endWaiting(at: Self.seconds(begin + 10))
        }
        _ = timer.beginWaiting(at: Self.seconds(1_000))
        #expect(timer.expires(at: Self.seconds(1_000) + 1, lastRead: Self.seconds(1_000), Self.limits) == true)
        timer.timeout = Self.seconds(120)
        #expect(timer.expires(at: Self.seconds(1_000) + 1, lastRead: Self.seconds(1_000), Self.limits) == false)
    }

    @Test func `a trickle is too slow once the silence that is allowed was used up`() {
        var timer = Self.timer()
        _ = timer.beginWaiting(at: 0)
        timer.received(2_047)
        #expect(timer.expires(at: Self.seconds(10), lastRead: Self.seconds(10), Self.limits) == false)
        #expect(timer.expires(at: Self.seconds(12), lastRead: Self.seconds(12), Self.limits) == true)
        timer.received(1)
        #expect(timer.expires(at: Self.seconds(12), lastRead: Self.seconds(12), Self.limits) == false)
    }
}
