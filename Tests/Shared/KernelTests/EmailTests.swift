import Kernel
import Testing

struct EmailTests {
    @Test func `a domain beyond ASCII is kept as typed, compared and mailed as DNS knows it`() throws {
        let typed = try #require(Email("User@Bücher-x.example"))
        #expect(typed.text == "User@Bücher-x.example")
        #expect(typed.ascii == "User@xn--bcher-x-n2a.example")
        #expect(typed.comparable == "user@xn--bcher-x-n2a.example")
        #expect(typed == Email("user@XN--BCHER-X-N2A.example"))
        #expect(typed == Email("user@BU\u{308}CHER-X.example"))
        #expect(typed != Email("user@bucher-x.example"))
    }

    @Test(arguments: ["user@हिन्दी.example", "user@例え.テスト", "user@faß.example", "user@क२.example"])
    func `letters of any script make a domain with their marks and digits`(text: String) throws {
        #expect(try #require(Email(text)).ascii.hasPrefix("user@xn--"))
    }

    @Test func `lengths count in ASCII, too`() {
        let domain = String(repeating: "ü.", count: 25) + "example"
        #expect(Email("user@" + domain)?.ascii.utf8.count == 212)
        #expect(Email(String(repeating: "u", count: 64) + "@" + domain) == nil)
        #expect(Email("user@" + String(repeating: "ü.", count: 40) + "example") == nil)
    }

    @Test func `an ASCII address is what it was`() throws {
        let plain = try #require(Email("Jane.Smith@Example.com"))
        #expect(plain.ascii == "Jane.Smith@Example.com" && plain.comparable == "jane.smith@example.com")
    }

    @Test(arguments: [
        "jürgen@example.com", "user@\u{0301}a.example", "user@" + String(repeating: "ü", count: 63) + ".example",
        "user@bücher", "user@-ü.example", "user@ü..example",
    ])
    func `a local part beyond ASCII, and what no domain can be named, is no address`(text: String) {
        #expect(Email(text) == nil)
    }

    @Test(arguments: [
        "a@b.co", "a.b.c@x-y.example", "!#$%&'*+/=?^_`{|}~-@example.com", "a@1.2.3x", "a@1.example", "a@b--c.de",
        "a@" + String(repeating: "b", count: 63) + ".example", String(repeating: "a", count: 64) + "@b.example",
    ])
    func `what the HTML standard takes in ASCII is an address`(text: String) {
        #expect(Email(text)?.ascii == text)
    }

    @Test(arguments: [
        "", "@", "a@", "@b.example", "a", "a@b", "a@b.c", "a@b.1", "a@b.123", "a@.example", "a@b..example",
        "a@b.example.",
        "a@-b.example", "a@b-.example", "a@b.-example", "a@b.example-", "a@b_c.example", "a@b c.example",
        ".a@b.example",
        "a.@b.example", "a..b@c.example", "a b@c.example", "a\"b@c.example", "a,b@c.example", "a@b.example\n",
        "a@" + String(repeating: "b", count: 64) + ".example", String(repeating: "a", count: 65) + "@b.example",
        "a@" + String(repeating: "bcd.", count: 63) + "example",
    ])
    func `what breaks a rule of its parts is none`(text: String) { #expect(Email(text) == nil) }

    @Test func `an address that was taken before is read whatever is taken now`() throws {
        // Letters of both directions in one label: RFC 5893 allows no domain of that name.
        let old = "user@a\u{05D0}.example"
        #expect(Email(old) == nil)
        #expect(Email.stored(old)?.text == old && Email.stored(old)?.ascii == old)
        #expect(Email.stored("no address") == nil)
        #expect(Email.stored("user@bücher.example") == Email("user@bücher.example"))
    }
}
