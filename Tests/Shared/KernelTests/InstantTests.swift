import Kernel
import Testing

/// An instant comes from outside as a number too (a cursor, a column, a stream's id): none may stop the process.
@Suite struct InstantTests {
    @Test(arguments: [
        (Int64.min, "0001-01-01T00:00:00Z"), (.max, "9999-12-31T23:59:59.999999Z"),
        (Int64.min + 1, "0001-01-01T00:00:00Z"), (-62_135_596_800_000_001, "0001-01-01T00:00:00Z"),
        (-62_135_596_800_000_000, "0001-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59.999999Z"),
        (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
        (253_402_300_800_000_000, "9999-12-31T23:59:59.999999Z"),
    ])
    func `every number of microseconds is written, outside the years 1 to 9999 as the nearest inside`(
        microseconds: Int64, text: String
    ) {
        let instant = Instant(microseconds: microseconds)
        #expect(instant.rfc3339 == text)
        #expect(Instant(rfc3339: text)?.rfc3339 == text)
        #expect(instant.date.description == String(text.prefix(10)))
    }

    @Test func `arithmetic stays at the ends instead of wrapping round`() {
        let (first, last) = (Instant(microseconds: .min), Instant(microseconds: .max))
        #expect(last + .seconds(1) == last)
        #expect(first - .seconds(1) == first)
        #expect(last - .seconds(-1) == last)
        #expect(last - first == .microseconds(Int64.max))
        #expect(first - last == .microseconds(Int64.min))
        #expect(Instant(seconds: .max) == last)
        #expect(Instant(seconds: .min) == first)
        #expect(Instant(seconds: 0) + .seconds(Int64.max) == last)
    }

    @Test func `a duration of any length is a number of microseconds and of seconds`() {
        #expect(Duration.seconds(Int64.max).wholeMicroseconds == .max)
        #expect(Duration.seconds(Int64.min).wholeMicroseconds == .min)
        #expect(Duration.milliseconds(-1500).wholeMicroseconds == -1_500_000)
        #expect(Duration(secondsComponent: .max, attosecondsComponent: 1).secondsRoundedUp == .max)
        #expect(Duration.milliseconds(1001).secondsRoundedUp == 2)
    }

    @Test func `an id made at any moment is one of version 7`() {
        for microseconds in [Int64.min, -1, 0, .max] {
            let id = ID<Account>.make(at: Instant(microseconds: microseconds), random: .max)
            #expect(ID<Account>(id.description) == id)
            #expect(id.high >> 12 & 0xF == 7)
        }
    }
}
