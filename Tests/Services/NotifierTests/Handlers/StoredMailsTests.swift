import API
import Forms
import Glibc
import Kernel
import Notifier
import NotifierDomain
import TestSupport
import Testing
import Web

struct StoredMailsTests {
    let folder = MailFolder(path: "/tmp/praxis-mail-\(getpid())-\(UInt32.random(in: 0 ... .max))/mail")
    let call = Call.test(DevelopmentAPI.mails.declaration)

    func name(_ text: String) throws -> ByName { try ByName(Source(path: [(name: "name", value: text)])) }

    @Test func `a kept mail is listed and shown, with nothing in it that acts`() async throws {
        let mail = try MailTextTests.mail(subject: "A <b>subject</b>", text: "x", html: "<script>alert('x')</script>")
        #expect(await FolderMailer(folder).send(mail) == .accepted)
        #expect(await FolderMailer(folder).send(mail) == .accepted)
        let names = try await folder.names()
        #expect(names == ["20251009T085320Z-\(mail.id).eml"])
        let pages = StoredMails(folder)
        let list = try await pages.list(NoInput(), call).html
        #expect(list.contains("A &lt;b&gt;subject&lt;/b&gt;") && list.contains("nina@example.com"))
        let page = try await pages.show(try name(names[0]), call).html
        #expect(page.contains("&lt;script&gt;") && !page.contains("<script"))
        // Links of the mail open beside the page; scripts and forms of it do nothing.
        #expect(page.contains("sandbox=\"allow-popups allow-popups-to-escape-sandbox\""))
        #expect(page.contains("srcdoc=\"&lt;base target=&quot;_blank&quot;&gt;"))
        for html in [list, page] {
            #expect(html.contains("/static/pages/page.css") && !html.contains("<style") && !html.contains(" style="))
        }
    }

    @Test func `addresses in the text are links, and nothing else is`() async throws {
        let text = "See https://praxis.example/a?b=1&c=<2>.\n(http://x.example/) javascript:alert(1) \"https://y\""
        let mail = try MailTextTests.mail(subject: "Links", text: text)
        #expect(await FolderMailer(folder).send(mail) == .accepted)
        let page = try await StoredMails(folder).show(try name(try await folder.names()[0]), call).html
        let address = "https://praxis.example/a?b=1&amp;c=&lt;2&gt;"
        #expect(page.contains("See <a href=\"\(address)\" target=\"_blank\">\(address)</a>."))
        #expect(page.contains("(http://x.example/) javascript:alert(1) &quot;https://y&quot;"))
    }

    @Test func `in production there is nothing`() async throws {
        await #expect(throws: Problem.notFound) { try await StoredMails(nil).list(NoInput(), call) }
        await #expect(throws: Problem.notFound) { try await StoredMails(nil).show(try name("a.eml"), call) }
    }

    @Test(arguments: ["../etc/passwd", "..", ".hidden.eml", "a/b.eml", "a%2Fb.eml", ""])
    func `a name that is a path is no name`(text: String) async throws {
        #expect(throws: Problem.notFound) { try name(text) }
        #expect(try await folder.read(text) == nil)
    }

    @Test func `texts stand among mails, the newest first`() async throws {
        let texts = MailFolder(path: folder.path + "-sms", ending: ".txt")
        #expect(await FolderMailer(folder).send(try MailTextTests.mail(subject: "Older")) == .accepted)
        let old = try SMSTests.message("1111 is <b>old</b>")
        let later = TextMessage(
            id: .make(at: Instant(seconds: 1_760_000_900)), kind: "phone_code", key: "k", to: old.to,
            text: "2222 is new", date: Instant(seconds: 1_760_000_900))
        #expect(await FolderTexter(texts).send(later) == .accepted)
        let pages = StoredMails(folder, texts: texts)
        let list = try await pages.list(NoInput(), call).html
        let (text, mail) = (try #require(list.firstRange(of: "phone_code")), try #require(list.firstRange(of: "Older")))
        #expect(text.lowerBound < mail.lowerBound && list.contains("+4915112345678"))
        #expect(await FolderTexter(texts).send(old) == .accepted)
        let names = try await texts.names()
        #expect(names == ["20251009T090820Z-\(later.id).txt", "20251009T085320Z-\(old.id).txt"])
        let page = try await pages.show(try name(names[1]), call).html
        #expect(page.contains("1111 is &lt;b&gt;old&lt;/b&gt;") && !page.contains("<iframe"))
        // Each folder shows its own files alone.
        #expect(try await folder.read(names[1]) == nil)
    }

    @Test func `where mail is really sent, texts that are kept are shown`() async throws {
        let texts = MailFolder(path: folder.path + "-only", ending: ".txt")
        #expect(await FolderTexter(texts).send(try SMSTests.message()) == .accepted)
        let list = try await StoredMails(nil, texts: texts).list(NoInput(), call).html
        #expect(list.contains("+4915112345678"))
    }
}
