import Kernel
import SchedulingDomain
import Testing

@Suite struct CalendarEntryTests {
    @Test func `a calendar is told of a visit that it is tentative, agreed or off`() {
        let told: [AppointmentStatus: CalendarEntry.Status] = [
            .requested: .tentative, .confirmed: .confirmed, .checkedIn: .confirmed, .completed: .confirmed,
            .noShow: .confirmed, .rejected: .cancelled, .cancelled: .cancelled,
        ]
        for status in AppointmentStatus.allCases { #expect(CalendarEntry.Status(status) == told[status]) }
    }
}
