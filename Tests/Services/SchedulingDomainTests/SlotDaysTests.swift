import Kernel
import SchedulingDomain
import Testing

@Suite struct SlotDaysTests {
    private static let today = CalendarDate("2027-12-30")

    private func days(_ from: String?, _ to: String?) throws -> SlotDays {
        let today = try #require(Self.today)
        return try SlotDays(from: from.flatMap { CalendarDate($0) }, to: to.flatMap { CalendarDate($0) }, today: today)
    }

    @Test func `without dates it is today and the seven days after`() throws {
        let days = try days(nil, nil)
        #expect(days.first.description == "2027-12-30")
        #expect(days.last.description == "2028-01-06")
        #expect(try self.days("2028-02-28", nil).last.description == "2028-03-06")
        #expect(try self.days(nil, "2027-12-31").first.description == "2027-12-30")
    }

    @Test func `one day and sixty-two are asked for, sixty-three and backwards are not`() throws {
        #expect(throws: Never.self) { try days("2028-01-01", "2028-01-01") }
        #expect(throws: Never.self) { try days("2028-01-01", "2028-03-02") }
        for (from, to) in [("2028-01-01", "2028-03-03"), ("2028-01-02", "2028-01-01"), (nil, "2027-12-29")] {
            let problem = #expect(throws: Problem.self) { try days(from, to) }
            #expect(problem?.errors.map(\.field) == ["to"])
        }
    }
}
