import Kernel
import Notifier
import NotifierDomain
import Testing

struct TemplatesTests {
    @Test(arguments: MessageKind.allCases)
    func `every kind has its words for each of its channels`(kind: MessageKind) throws {
        let book = try LetterBook.standard(site: "https://praxis.example")
        if kind.channels.contains(.email) {
            let letter = try book.letter(
                kind, to: "Ada <b>King</b>", token: "tok", about: Instant(seconds: 1_760_000_000))
            #expect(letter.subject == kind.subject && !letter.text.contains("{{") && !letter.html.contains("{{"))
            #expect(letter.text.hasPrefix("Hello there,") && letter.html.contains("<html lang=\"en\">"))
            #expect(letter.html.contains("<title>\(kind.subject)</title>"))
            #expect((kind.page == nil) == !letter.html.contains("token=tok"))
        }
        if kind.channels.contains(.sms) {
            let text = try book.text(kind, code: "123456", minutes: 10)
            // One part of a text message holds 160 letters of GSM 03.38; these are among them.
            #expect(text.count <= 160)
            #expect(
                text.unicodeScalars.allSatisfy {
                    $0.properties.isAlphabetic && $0.isASCII || " .,:0123456789".unicodeScalars.contains($0)
                })
            #expect(text.contains("123456") && text.contains("10 minutes") && !text.contains("http"))
        }
    }
}
