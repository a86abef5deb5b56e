import IDNA
import Testing

struct DomainNameTests {
    @Test(arguments: [
        ("bücher.example", "xn--bcher-kva.example"), ("BÜCHER.example", "xn--bcher-kva.example"),
        ("faß.de", "xn--fa-hia.de"), ("例え.テスト", "xn--r8jz45g.xn--zckzah"), ("plain.example", "plain.example"),
    ])
    func `labels beyond ASCII become A-labels`(name: String, ascii: String) {
        #expect(DomainName.ascii(name) == ascii)
    }

    @Test(arguments: [
        "a\u{200B}b.example\u{E000}", "\u{0301}a.example", String(repeating: "ü", count: 63) + ".example",
    ])
    func `what no domain can be named is nil`(name: String) {
        #expect(DomainName.ascii(name) == nil)
    }
}
