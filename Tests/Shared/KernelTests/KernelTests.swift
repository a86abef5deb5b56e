import Kernel
import Testing

@Suite struct IDs {
    @Test func `an id made at a moment reads back as the same id`() throws {
        let id = ID<Account>.make(at: Instant(seconds: 1_700_000_000))
        #expect(ID<Account>(id.description) == id)
        #expect(ID<Account>(id.description.uppercased()) == id)
    }

    @Test func `ids carry version 7 and the RFC variant, and sort by their time`() {
        let early = ID<Account>.make(at: Instant(microseconds: 1_700_000_000_000_001), random: .max)
        let late = ID<Account>.make(at: Instant(microseconds: 1_700_000_000_000_002), random: 0)
        #expect(early < late)
        #expect(early.high >> 12 & 0xF == 7)
        #expect(early.low >> 62 == 0b10)
    }

    @Test(arguments: [
        "", "x", "01a1fbb5-23a9-7d5e-9abc-0123456789a", "01a1fbb523a97d5e9abc0123456789abcdef",
        "01a1fbb5-23a9-7d5e-9abc-0123456789ag",
    ])
    func `what is not a UUID is nil`(text: String) {
        #expect(ID<Account>(text) == nil)
    }
}

@Suite struct Times {
    @Test(arguments: [
        ("2024-01-15T10:30:00Z", "2024-01-15T10:30:00Z"), ("2024-02-29T23:59:60Z", "2024-03-01T00:00:00Z"),
        ("2024-01-15t10:30:00.5+02:00", "2024-01-15T08:30:00.500000Z"),
        ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
    ])
    func `a moment with its zone reads and prints in UTC`(text: String, expected: String) {
        #expect(Instant(rfc3339: text)?.rfc3339 == expected)
    }

    @Test(arguments: [
        "2024-01-15T10:30:00", "2024-01-15 10:30", "2024-13-01T00:00:00Z", "2024-01-15T24:00:00Z",
        "2024-01-15T10:30:00.Z", "2024-01-15T10:30:00+2:00",
    ])
    func `a time that names no moment is nil`(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test func `every day from 1600 to 2400 comes back from its number`() {
        let first = CalendarDate(year: 1600, month: 1, day: 1)
        for offset in stride(from: 0, to: 292_000, by: 7) {
            guard let first else { break }
            let date = CalendarDate(daysSinceEpoch: first.daysSinceEpoch + offset)
            #expect(CalendarDate(date.description) == date)
            #expect(date.daysSinceEpoch == first.daysSinceEpoch + offset)
        }
    }

    @Test func `a birthday counts from its day on, and 29 February from 1 March`() throws {
        let birth = try #require(CalendarDate("2012-02-29"))
        #expect(birth.completedYears(until: try #require(CalendarDate("2025-02-28"))) == 12)
        #expect(birth.completedYears(until: try #require(CalendarDate("2025-03-01"))) == 13)
        #expect(CalendarDate("2023-02-29") == nil)
    }
}

@Suite struct Texts {
    @Test(arguments: [
        ("  Jane ", "Jane"), ("<b>Jane</b>", "Jane"), ("BP < 120", "BP < 120"), ("<<b>script>x</script>", "x"),
        ("a <3 b > c", "a <3 b > c"), ("<script>alert(1)</script>", "alert(1)"), ("e\u{301}", "é"), ("<", "<"),
    ])
    func `text is trimmed, composed and freed of tags`(given: String, kept: String) throws {
        let clean = try CleanText.clean(given)
        #expect(Array(clean.unicodeScalars) == Array(kept.unicodeScalars))
    }

    @Test(arguments: ["a\u{0}b", "a\u{1B}[31m", "a\nb", "a\u{202E}b", "a\u{85}b"])
    func `control characters are refused in a line`(given: String) {
        #expect(throws: CleanText.Fault.controlCharacter) { try CleanText.clean(given) }
    }

    @Test func `newline and tab stay in long text`() throws {
        #expect(try CleanText.clean("a\r\nb\tc\n", multiline: true) == "a\nb\tc")
        #expect(throws: CleanText.Fault.controlCharacter) { try CleanText.clean("a\u{7}", multiline: true) }
    }

    @Test func `a hundred thousand lone brackets cost no quadratic time`() throws {
        let text = String(repeating: "<a", count: 50_000)
        #expect(try CleanText.clean(text) == text)
    }
}

@Suite struct Contacts {
    @Test(arguments: ["jane.smith@example.com", "a@b.co", "x+y@sub.example.org", "info@bücher.example"])
    func `a proper email reads`(text: String) { #expect(Email(text) != nil) }

    @Test(arguments: [
        "", "jane", "@x.com", "a@b", "a..b@x.com", ".a@x.com", "a@-x.com", "a b@x.com", "a@x.c", "a@1.2.3.44",
        "a@x\u{0}.com",
    ])
    func `an improper email is nil`(text: String) { #expect(Email(text) == nil) }

    @Test func `emails compare without case and stay as typed`() {
        #expect(Email("Jane@Example.com") == Email("jane@example.COM"))
        #expect(Email("Jane@Example.com")?.text == "Jane@Example.com")
    }

    @Test(arguments: [
        ("+1234567890", "+1234567890"), ("1234567890", "+1234567890"), ("0123456789", nil), ("+12", nil),
        ("+1234567890123456", nil),
    ])
    func `phone numbers follow the syntax of E 164`(text: String, kept: String?) {
        #expect(PhoneNumber(text)?.text == kept)
    }

    @Test(arguments: [
        ("555-1234", "555-1234"), ("+1234567890", "+1234567890"), ("(0)30 12 34", "(0)30 12 34"), ("call me", nil),
        ("12", nil), ("5+55 1234", nil),
    ])
    func `local numbers pass where they are allowed`(text: String, kept: String?) {
        #expect(PhoneNumber.localOrInternational(text) == kept)
    }
}

@Suite struct Secrets {
    @Test func `a secret and a private value show nothing, not even to dump`() {
        var text = ""
        dump(Secret("hunter2"), to: &text)
        dump(Private("Jane Doe"), to: &text)
        text += "\(Secret("hunter2")) \(Private("Jane Doe"))"
        #expect(!text.contains("hunter2") && !text.contains("Jane"))
    }
}

@Suite struct Pages {
    @Test func `a page's offset never overflows`() {
        #expect(PageRequest(position: .page(3), size: 20).offset == 40)
        #expect(PageRequest(position: .page(.max), size: 100).offset == Int(Int32.max))
        #expect(PageRequest(size: 1000).size == PageRequest.maximumSize)
    }
}
