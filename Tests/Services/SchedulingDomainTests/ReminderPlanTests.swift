import Kernel
import SchedulingDomain
import Testing

@Suite struct ReminderPlanTests {
    private static let start = Instant(seconds: 1_800_000_000)

    private func kinds(minutesAhead: Int64, seconds: Int64 = 0) -> [ReminderKind] {
        ReminderPlan.due(start: Self.start, now: Self.start - .seconds(minutesAhead * 60 + seconds)).map(\.kind)
    }

    @Test func `a visit days ahead is reminded of a day and an hour before`() {
        let due = ReminderPlan.due(start: Self.start, now: Self.start - .seconds(3 * 86_400))
        #expect(due.map(\.kind) == [.dayBefore, .hourBefore])
        #expect(due.map(\.at) == [Self.start - .seconds(86_400), Self.start - .seconds(3600)])
    }

    @Test func `a reminder that should have gone five minutes ago still goes, a later one does not`() {
        #expect(kinds(minutesAhead: 24 * 60 - 5) == [.dayBefore, .hourBefore])
        #expect(kinds(minutesAhead: 24 * 60 - 5, seconds: -1) == [.hourBefore])
        #expect(kinds(minutesAhead: 61) == [.hourBefore])
        #expect(kinds(minutesAhead: 55) == [.hourBefore])
        #expect(kinds(minutesAhead: 54) == [])
        #expect(kinds(minutesAhead: 50) == [])
    }
}
