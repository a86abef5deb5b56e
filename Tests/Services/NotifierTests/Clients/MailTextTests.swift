import API
import Kernel
import Notifier
import Testing

struct MailTextTests {
    static func mail(
        from: String = "no-reply@praxis.example", to: String = "nina@example.com",
        name: String = "Praxis", subject: String = "Welcome", text: String = "Hello\n.\nBye",
        html: String = "<p>Zoë</p>",
        calendar: CalendarPartView? = nil, messageID: String = "<1@praxis.example>"
    ) throws -> Mail {
        Mail(
            id: try #require(ID("01890000-0000-7000-8000-000000000001")), kind: "welcome",
            from: Mailbox(name: name, address: try #require(Email(from))),
            to: try #require(Email(to)), subject: subject, text: text, html: html,
            calendar: calendar, messageID: messageID, date: Instant(seconds: 1_760_000_000))
    }

    @Test func `the headers say what kind of mail it is, and nobody answers it by machine`() throws {
        let text = String(decoding: try MailText.write(Self.mail()), as: UTF8.self)
        #expect(
            text.hasPrefix("Date: Thu, 9 Oct 2025 08:53:20 +0000\r\nFrom: \"Praxis\" <no-reply@praxis.example>\r\n"))
        for line in [
            "To: nina@example.com", "Subject: Welcome", "Message-ID: <1@praxis.example>",
            "Auto-Submitted: auto-generated", "MIME-Version: 1.0",
        ] {
            #expect(text.contains("\r\n\(line)\r\n"))
        }
    }

    @Test func `domains beyond ASCII stand in the headers as A-labels`() throws {
        let mail = try Self.mail(from: "no-reply@büro.example", to: "Nina@Bücher-x.example")
        let text = String(decoding: try MailText.write(mail), as: UTF8.self)
        #expect(text.contains("\r\nTo: Nina@xn--bcher-x-n2a.example\r\n"))
        #expect(text.contains("\r\nFrom: \"Praxis\" <no-reply@xn--bro-hoa.example>\r\n"))
        #expect(mail.from.address.domain == "xn--bro-hoa.example")
    }

    @Test func `no line is long, bare or a lone dot`() throws {
        let long = String(repeating: "word ", count: 5000)
        let bytes = try MailText.write(Self.mail(text: long + "\n.\n\r.\r"))
        let text = String(decoding: bytes, as: UTF8.self)
        for line in text.replacing("\r\n", with: "\u{0}").split(separator: "\u{0}") {
            #expect(line.utf8.count <= 78)
            #expect(!line.contains { $0 == "\r" || $0 == "\n" } && line != ".")
        }
    }

    @Test func `the same mail gives the same bytes and reads back as it was`() throws {
        let mail = try Self.mail(subject: "Grüße an 李小龙 und alle, die mit ihm kommen, mehr als ein Wort lang")
        let bytes = try MailText.write(mail)
        #expect(try MailText.write(mail) == bytes)
        let kept = StoredMail(bytes)
        #expect(kept["Subject"] == mail.subject)
        #expect(kept.text == "Hello\r\n.\r\nBye".replacing("\r\n", with: "\n") || kept.text == "Hello\r\n.\r\nBye")
        #expect(kept.html == "<p>Zoë</p>")
    }

    @Test func `a calendar file stands beside the words, and says what becomes of its event`() throws {
        let file = "BEGIN:VCALENDAR\r\nSUMMARY:Dr. Zoë\r\nEND:VCALENDAR\r\n"
        for (method, word) in [(CalendarPartView.Method.publish, "PUBLISH"), (.cancel, "CANCEL")] {
            let mail = try Self.mail(calendar: CalendarPartView(method: method, text: file))
            let bytes = try MailText.write(mail)
            #expect(try MailText.write(mail) == bytes)
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.contains("\r\nContent-Type: multipart/mixed;\r\n boundary=\"=_mixed_\(mail.id)\"\r\n\r\n"))
            #expect(text.contains("\r\nContent-Type: text/calendar; charset=utf-8; method=\(word)\r\n"))
            #expect(text.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 78 })
            let kept = StoredMail(bytes)
            #expect(kept.calendar == file.replacing("\r\n", with: "\n") || kept.calendar == file)
            #expect(kept.html == "<p>Zoë</p>" && kept.text.hasPrefix("Hello"))
        }
        #expect(StoredMail(try MailText.write(Self.mail())).calendar == nil)
    }

    @Test(arguments: ["a\r\nBcc: x@evil.example", "a\nb", "a\u{0}b", "a\u{7F}"])
    func `nothing breaks out of a header`(value: String) throws {
        let mails = [try Self.mail(name: value), try Self.mail(subject: value), try Self.mail(messageID: value)]
        for mail in mails.suffix(1) { #expect(throws: UnsafeHeader.self) { try MailText.write(mail) } }
        for mail in mails {
            guard let bytes = try? MailText.write(mail) else { continue }
            #expect(!String(decoding: bytes, as: UTF8.self).contains("\r\nBcc"))
        }
        #expect(Mailbox("\(value) <a@praxis.example>") == nil)
    }

    @Test func `a sender is an address, with or without a name`() throws {
        #expect(Mailbox("a@b.example")?.name == "")
        #expect(Mailbox("\"Dr. Who, Praxis\" <a@b.example>")?.name == "Dr. Who, Praxis")
        #expect(Mailbox("a") == nil && Mailbox("x <a>") == nil)
    }
}
