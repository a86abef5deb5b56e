import Kernel
import Testing

@Suite struct TimeWindowTests {
    @Test(arguments: [("00:00", 0), ("09:30", 570), ("23:59", 1439), ("24:00", 1440)])
    func `a time of day is read and written as HH:MM`(text: String, minutes: Int) {
        #expect(TimeWindow.minutes(text) == minutes)
        #expect(TimeWindow.text(minutes) == text)
    }

    @Test(arguments: ["", "9:30", "09:60", "24:01", "25:00", "09:30:00", "0930", "09.30", "-1:00", "٠٩:٣٠"])
    func `nothing else is a time of day`(text: String) {
        #expect(TimeWindow.minutes(text) == nil)
    }

    @Test func `a window lies within one day and has a length`() {
        #expect(TimeWindow(start: 0, end: 1440) != nil)
        for (start, end) in [(540, 540), (540, 539), (-1, 10), (0, 1441)] {
            #expect(TimeWindow(start: start, end: end) == nil)
        }
    }

    @Test func `windows that touch are apart, and those that share a minute are not`() throws {
        let morning = try #require(TimeWindow(start: 540, end: 720))
        let noon = try #require(TimeWindow(start: 720, end: 780))
        let late = try #require(TimeWindow(start: 719, end: 800))
        #expect([noon, morning].areApart)
        #expect(![late, morning].areApart)
        #expect([TimeWindow]().areApart)
    }

    @Test func `a week keeps its windows in order, and days without any are not in it`() throws {
        let morning = try #require(TimeWindow(start: 540, end: 720))
        let evening = try #require(TimeWindow(start: 1200, end: 1440))
        let week = WeeklyHours([.monday: [evening, morning], .sunday: []])
        #expect(week.days == [.monday: [morning, evening]])
        #expect(WeeklyHours([.friday: []]).isEmpty)
    }
}
