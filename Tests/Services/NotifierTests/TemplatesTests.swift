import Foundation
import Kernel
import Notifier
import NotifierDomain
import Testing

struct TemplatesTests {
    @Test func `the list of embedded files is the folder`() throws {
        let folder = URL(filePath: #filePath).appending(path: "../../../../Services/notifier/Templates").standardized
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(files.sorted() == MessageTemplates.files.keys.sorted())
        #expect(files.sorted() == MessageKind.allCases.flatMap(MessageTemplates.files).sorted())
        for (name, bytes) in MessageTemplates.files {
            #expect(try Array(Data(contentsOf: folder.appending(path: name))) == bytes)
        }
    }

    @Test(arguments: MessageKind.allCases)
    func `every kind has its words for each of its channels`(kind: MessageKind) throws {
        let templates = try MessageTemplates.embedded(site: "https://praxis.example")
        if kind.channels.contains(.email) {
            let mail = try templates.mail(
                kind, to: "Ada <b>King</b>",
                [
                    "provider": "John <b>Doe</b>", "specialty": "Surgery", "license": "MD1", "path": "/api",
                    "doctor": "Dr. Chen", "when": "15 March 2027, 14:00 (UTC)",
                    "hospital": "City <b>Hospital</b>", "place": " at City <b>Hospital</b>", "city": "Lahore",
                    "approve": "/api/a", "reject": "/api/r",
                    "reason": "3 < 4", "until": "15 March 2027, 13:15 (UTC)",
                ],
                token: "tok", about: Instant(seconds: 1_760_000_000))
            #expect(mail.subject == kind.subject && !mail.text.contains("{{") && !mail.html.contains("{{"))
            #expect(mail.text.hasPrefix("Hello there,") && mail.html.contains("<html lang=\"en\">"))
            #expect(mail.html.contains("<title>\(kind.subject)</title>"))
            #expect((kind.page == nil) == !mail.html.contains("token=tok"))
            for words in [mail.text, mail.html, kind.subject] {
                #expect(words.lowercased().contains("remind") == (kind == .appointmentReminder))
            }
        }
        if kind.contentOwner == .scheduling {
            for file in MessageTemplates.files(of: kind) {
                let words = String(decoding: MessageTemplates.files[file] ?? [], as: UTF8.self)
                #expect(words.contains("confirm") == (kind == .appointmentConfirmed))
            }
        }
        if kind.channels.contains(.sms) {
            let text = try templates.text(
                kind,
                [
                    "code": "123456", "minutes": "10", "until": "14:15",
                    "when": "15 September 2027, 14:00 (America/Argentina/Buenos_Aires)",
                ])
            // One part of a text message holds 160 letters of GSM 03.38; these are among them.
            #expect(text.count <= 160)
            #expect(
                text.unicodeScalars.allSatisfy {
                    $0.properties.isAlphabetic && $0.isASCII || " .,:()/_0123456789".unicodeScalars.contains($0)
                })
            #expect(kind.isMinted == (text.contains("123456") && text.contains("10 minutes")))
            #expect(!text.contains("http") && !text.contains("{{"))
            #expect(text.lowercased().contains("remind") == (kind == .appointmentReminder))
            #expect(text.contains("confirm") == (kind == .appointmentConfirmed))
        }
    }
}
