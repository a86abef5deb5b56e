import Kernel
import NotifierDomain
import Testing

struct LetterTests {
    @Test func `a value is escaped in html and left alone in text`() throws {
        let values = ["name": "<b>Zoë & 'Co'</b>"]
        #expect(try Template("Hi {{name}}!", as: .text).filled(values) == "Hi <b>Zoë & 'Co'</b>!")
        #expect(
            try Template("Hi {{ name }}!", as: .html).filled(values) == "Hi &lt;b&gt;Zoë &amp; &#39;Co&#39;&lt;/b&gt;!")
    }

    @Test func `a value is not read as a template again`() throws {
        #expect(try Template("{{name}}", as: .text).filled(["name": "{{site}}", "site": "x"]) == "{{site}}")
    }

    @Test func `a template that is wrong is refused when it is read, not when it is sent`() {
        #expect(throws: Template.Fault.unclosed) { try Template("Hi {{name", as: .text) }
        #expect(throws: Template.Fault.notAName("#if")) { try Template("{{#if}}", as: .text) }
        #expect(throws: Template.Fault.missing("name")) { try Template("{{name}}", as: .text).filled([:]) }
    }

    @Test(arguments: [
        "Dr. Maria Novak", "Zoë O'Neill", "J. R. Smith", "Anne-Marie", "李小龙", "محمد", "St.John", "Smith, John",
        "J.R. Smith", "J.R.Smith",
    ])
    func `people are greeted by their names`(name: String) { #expect(LetterBook.salutation(name) == name) }

    @Test(arguments: [
        "Win at http://evil.example", "evil.example", "Bit.Ly", "St.Com", "st.example", "call +49 123", "a@b.example",
        "",
        String(repeating: "x", count: 61),
        "two\nlines",
    ])
    func `what is no name is not passed on to a stranger`(name: String) {
        #expect(LetterBook.salutation(name) == "there")
    }

    @Test func `every kind needs its templates`() {
        #expect(throws: LetterBook.Fault.noTemplate("welcome")) { try LetterBook([:], site: "x") }
    }

    @Test func `a kind that goes as a text needs a text`() throws {
        let sources = Dictionary(uniqueKeysWithValues: MessageKind.allCases.map { ($0, (text: "x", html: "x")) })
        #expect(throws: LetterBook.Fault.noTemplate("phone_code")) { try LetterBook(sources, site: "x") }
        let book = try LetterBook(sources, texts: [.phoneCode: "{{code}} for {{minutes}}\n"], site: "x")
        #expect(try book.text(.phoneCode, code: "123456", minutes: 10) == "123456 for 10")
    }

    @Test func `each link opens the page of its kind`() throws {
        let sources = Dictionary(
            uniqueKeysWithValues: MessageKind.allCases.map { kind in
                (kind, (text: kind.page == nil ? "x" : "{{link}}", html: "x"))
            })
        let book = try LetterBook(sources, texts: [.phoneCode: "x"], site: "https://a.example/")
        #expect(
            try book.letter(.verification, to: "A", token: "t").text == "https://a.example/verify-email?token=t")
        #expect(
            try book.letter(.passwordReset, to: "A", token: "t").text == "https://a.example/reset-password?token=t")
        #expect(throws: Template.Fault.missing("link")) { try book.letter(.passwordReset, to: "A") }
    }

    @Test func `a moment is said in words, with its zone`() {
        #expect(LetterBook.words(for: Instant(seconds: 1_760_000_000)) == "9 October 2025, 08:53 UTC")
    }
}
