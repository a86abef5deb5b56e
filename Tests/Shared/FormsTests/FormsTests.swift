import Forms
import JSON
import Kernel
import Testing

@Suite struct Forms {
    static let form = Form(
        .text("first_name", 2...50), .email("email"), .integer("years", 0...50), .optional(.date("born")),
        .boolean("active").or(true))

    func body(_ members: (String, JSONValue)...) -> Source {
        Source(body: .object(members.map { JSONMember(key: $0.0, value: $0.1) }))
    }

    @Test func `a right body becomes typed values`() throws {
        let (name, email, years, born, active) = try Self.form.read(
            body(("first_name", " Jane "), ("email", "J@example.com"), ("years", "7"), ("extra", 1)))
        #expect(name == "Jane" && email.comparable == "j@example.com" && years == 7 && born == nil && active)
    }

    @Test func `all bad fields are reported at once, each under its name`() {
        let problem = #expect(throws: Problem.self) {
            try Self.form.read(body(("first_name", ""), ("email", "nope"), ("years", 51), ("born", "2023-02-29")))
        }
        #expect(problem?.code == .validationFailed)
        #expect(problem?.errors.map(\.field) == ["first_name", "email", "years", "born"])
    }

    @Test func `a missing field and a null one are told apart`() {
        let problem = #expect(throws: Problem.self) {
            try Form(.text("a", 1...5), .text("b", 1...5)).read(body(("b", .null)))
        }
        #expect(problem?.errors.map(\.messages) == [["This field is required."], ["This field may not be null."]])
    }

    @Test func `faults of a nested object carry its name in front`() {
        let inner = Form(.text("zip", 1...5))
        let address = Field<String>.object("address", inner.properties) { inner.read($0, into: $1) }
        let problem = #expect(throws: Problem.self) {
            try Form(address).read(body(("address", ["zip": "123456"])))
        }
        #expect(problem?.errors.first?.field == "address.zip")
    }

    @Test(arguments: [
        ("250.00", "250.00"), ("250", "250.00"), ("0.5", "0.50"), ("007", "7.00"), ("-1", nil), ("1.234", nil),
        ("1e3", nil), ("", nil),
    ])
    func `money is a decimal string with two places`(given: String, kept: String?) {
        let read = try? Form(.decimal("fee")).read(body(("fee", .string(given))))
        #expect(read == kept)
    }

    @Test func `an optional field takes null and absence, and says so in its schema`() throws {
        let form = Form(.optional(.text("a", 0...5)))
        let value: String? = try form.read(body(("a", .null)))
        #expect(value?.isEmpty == nil)
        #expect(form.properties.first?.isRequired == false)
        #expect(form.properties.first?.schema.json["type"] == ["string", "null"])
    }

    @Test func `a page asks for numbers or for a cursor`() throws {
        let form = Form(.page)
        func query(_ pairs: (String, String)...) -> Source { Source(query: pairs.map { (name: $0.0, value: $0.1) }) }
        #expect(try form.read(query()) == PageRequest())
        #expect(try form.read(query(("page", "3"), ("page_size", "50"))) == PageRequest(position: .page(3), size: 50))
        #expect(try form.read(query(("cursor", ""))).position == .after(nil))
        #expect(try form.read(query(("cursor", "abc"))).position == .after("abc"))
        let problem = #expect(throws: Problem.self) { try form.read(query(("page", "0"), ("page_size", "101"))) }
        #expect(problem?.errors.map(\.field) == ["page", "page_size"])
    }

    @Test(arguments: [
        ("2023-11-14T09:59:59Z", "2023-11-14", true), ("2023-11-14T09:59:59Z", "2023-11-15", false),
        ("2023-11-14T10:00:00Z", "2023-11-15", true), ("2023-11-14T23:59:59Z", "2023-11-16", false),
        ("2023-11-14T00:00:00Z", "1900-01-01", true), ("2023-11-14T00:00:00Z", "1899-12-31", false),
    ])
    func `a birth lies between 1900 and the day it is, in Kiribati too`(
        time: String, date: String, isBelieved: Bool
    ) throws {
        let now = try #require(Instant(rfc3339: time))
        let source = Source(body: ["born": .string(date)], now: now)
        let read: CalendarDate? = try? Form(.birthDate("born")).read(source)
        #expect(read?.description == (isBelieved ? date : nil))
    }

    @Test(arguments: ["\u{200B}", "\u{3164}", "\u{2800}", "\u{AD}", "\u{115F}\u{2060} \u{FE0F}", "\u{A0}\u{3000}"])
    func `a name that cannot be seen is blank`(name: String) throws {
        let problem = #expect(throws: Problem.self) {
            try Form(.text("first_name", 1...100)).read(Source(body: ["first_name": .string(name)]))
        }
        #expect(problem?.errors.first?.messages == ["This field may not be blank."])
    }

    @Test func `an emoji and a name with a joiner in it stay as they are`() throws {
        for name in ["\u{1F469}\u{200D}\u{2695}\u{FE0F}", "می\u{200C}خواهم", "ᄒ\u{1160}"] {
            let read: String = try Form(.text("first_name", 1...100)).read(Source(body: ["first_name": .string(name)]))
            #expect(read.unicodeScalars.elementsEqual(CleanText.nfc(name).unicodeScalars))
        }
    }

    @Test func `a NUL is a field's fault, whether the field is cleaned or kept byte for byte`() throws {
        for form in [Form(.text("value", 1...100)), Form(.verbatim("value", 1...100))] {
            let problem = #expect(throws: Problem.self) {
                try form.read(Source(body: ["value": "a\u{0}b"]))
            }
            #expect(problem?.errors.first?.messages == ["Control characters are not allowed."])
        }
    }
}
