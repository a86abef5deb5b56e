import Kernel
import NotifierDomain
import Testing

struct MessageTemplatesTests {
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
    func `people are greeted by their names`(name: String) { #expect(MessageTemplates.salutation(name) == name) }

    @Test(arguments: [
        "Win at http://evil.example", "evil.example", "Bit.Ly", "St.Com", "st.example", "call +49 123", "a@b.example",
        "",
        String(repeating: "x", count: 61),
        "two\nlines",
    ])
    func `what is no name is not passed on to a stranger`(name: String) {
        #expect(MessageTemplates.salutation(name) == "there")
    }

    /// A file for each kind and channel, all with the same words but for those given.
    private func files(_ given: [String: String] = [:]) -> [String: String] {
        let names = MessageKind.allCases.flatMap(MessageTemplates.files)
        return Dictionary(uniqueKeysWithValues: names.map { ($0, given[$0] ?? "x") })
    }

    @Test func `every kind needs its templates`() {
        for name in files().keys {
            let others = files().filter { $0.key != name }
            #expect(throws: MessageTemplates.Fault.noTemplate(name)) { try MessageTemplates(others, site: "x") }
        }
    }

    @Test func `a text ends without a line's end`() throws {
        let templates = try MessageTemplates(files(["phone_code.sms": "{{code}} for {{minutes}}\n"]), site: "x")
        #expect(try templates.text(.phoneCode, ["code": "123456", "minutes": "10"]) == "123456 for 10")
    }

    @Test func `what the owner said stands in the mail, but never as the name or the site`() throws {
        let templates = try MessageTemplates(
            files(["welcome.txt": "{{name}} {{site}} {{hospital}}", "welcome.html": "{{hospital}}"]),
            site: "https://a.example")
        let mail = try templates.mail(.welcome, to: "Ada", ["hospital": "A & B", "name": "Eve", "site": "evil"])
        #expect(mail.text == "Ada https://a.example A & B" && mail.html == "A &amp; B")
    }

    @Test func `each link opens the page of its kind`() throws {
        let templates = try MessageTemplates(
            files(["verification.txt": "{{link}}", "password_reset.txt": "{{link}}"]), site: "https://a.example/")
        #expect(
            try templates.mail(.verification, to: "A", token: "t").text == "https://a.example/verify-email?token=t")
        #expect(
            try templates.mail(.passwordReset, to: "A", token: "t").text == "https://a.example/reset-password?token=t")
        #expect(throws: Template.Fault.missing("link")) { try templates.mail(.passwordReset, to: "A") }
    }

    @Test func `a moment is said in words, with its zone`() {
        #expect(MessageTemplates.words(for: Instant(seconds: 1_760_000_000)) == "9 October 2025, 08:53 UTC")
    }
}
