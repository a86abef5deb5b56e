import Lifecycle
import Testing

@testable import Messaging

struct RelayPaceTests {
    private static func time(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }

    @Test func `single events are waited for asleep`() {
        var pace = RelayPace(moment: .milliseconds(20))
        for second in Int64(1)...5 {
            #expect(pace.looked(moved: 1, at: Self.time(second * 1_000)) == .gather)
            #expect(pace.looked(moved: 0, at: Self.time(second * 1_000 + 500)) == .sleep)
            #expect(!pace.isBusy)
        }
    }

    @Test func `events in each moment keep it looking, and some moments without any put it to sleep`() {
        var pace = RelayPace(moment: .milliseconds(20))
        #expect(pace.looked(moved: 1, at: Self.time(1_000)) == .gather)
        for look in Int64(1)...10 {
            #expect(pace.looked(moved: 3, at: Self.time(1_000 + 20 * look)) == .lookAgain)
            #expect(pace.isBusy)
        }
        for look in Int64(1)..<5 { #expect(pace.looked(moved: 0, at: Self.time(1_200 + 20 * look)) == .lookAgain) }
        #expect(pace.isBusy)
        #expect(pace.looked(moved: 0, at: Self.time(1_300)) == .sleep)
        #expect(!pace.isBusy)
        #expect(pace.looked(moved: 1, at: Self.time(9_000)) == .gather)
    }
}
