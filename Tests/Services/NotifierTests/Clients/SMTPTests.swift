import Kernel
import Net
import Notifier
import NotifierDomain
import Testing

struct SMTPTests {
    /// Sends one mail to a sink that answers so; the outcome, and what the sink got.
    func send(
        _ answers: [String: String] = [:], security: SMTPServer.Security = .none, user: String? = nil,
        mail: Mail? = nil
    ) async throws -> (Outcome, SMTPSink.Received?) {
        let sink = SMTPSink(answers)
        let pool = BlockingPool(name: "sink", threads: 1, queue: 1)
        async let served: Void = pool.run { sink.serve() }
        let server = SMTPServer(
            host: "127.0.0.1", port: sink.port, security: security, user: user, password: user.map { _ in Secret("pw") }
        )
        let outcome = await SMTPMailer(server, timeout: .seconds(3)).send(try mail ?? MailTextTests.mail())
        try await served
        return (outcome, sink.mails.first)
    }

    @Test func `a mail is handed in whole, from us, to one recipient`() async throws {
        let (outcome, got) = try await send()
        #expect(outcome == .accepted)
        let session = try #require(got)
        #expect(session.commands.first == "EHLO praxis.example")
        #expect(session.commands.filter { $0.hasPrefix("MAIL FROM:<no-reply@praxis.example>") }.count == 1)
        #expect(session.commands.filter { $0.hasPrefix("RCPT TO:") } == ["RCPT TO:<nina@example.com>"])
        let kept = StoredMail(Array(session.data.utf8))
        #expect(kept["Message-ID"] == "<1@praxis.example>")
        #expect(kept.html == "<p>Zoë</p>")
    }

    @Test func `the envelope of a domain beyond ASCII is ASCII`() async throws {
        let mail = try MailTextTests.mail(from: "no-reply@büro.example", to: "nina@bücher-x.example")
        let (outcome, got) = try await send(mail: mail)
        let commands = try #require(got).commands
        #expect(outcome == .accepted && commands.first == "EHLO xn--bro-hoa.example")
        #expect(commands.contains { $0.hasPrefix("MAIL FROM:<no-reply@xn--bro-hoa.example>") })
        #expect(commands.contains("RCPT TO:<nina@xn--bcher-x-n2a.example>"))
    }

    @Test func `a refused recipient is refused for good, a busy one is deferred`() async throws {
        #expect(try await send(["RCPT": "550 no such user"]).0 == .refused(code: "smtp_550"))
        #expect(try await send(["RCPT": "450 greylisted"]).0 == .deferred(code: "smtp_450"))
    }

    @Test func `a mail refused after its last byte is refused for good`() async throws {
        #expect(try await send(["BODY": "554 spam"]).0 == .refused(code: "smtp_554"))
        #expect(try await send(["BODY": "451 later"]).0 == .deferred(code: "smtp_451"))
    }

    @Test func `a server that closes its door says nothing about the mail`() async throws {
        guard case .away = try await send(["GREETING": "554 no service"]).0 else {
            Issue.record("a greeting is no verdict")
            return
        }
        #expect(try await send(["MAIL": "421 closing"]).0 == .away(code: "smtp_421"))
    }

    @Test func `a connection reset after the dot is tried again`() async throws {
        guard case .away = try await send(["BODY": ""]).0 else {
            Issue.record("nobody knows whether it was taken")
            return
        }
    }

    @Test func `without the upgrade to tls nothing is sent`() async throws {
        let (outcome, got) = try await send(security: .startTLS)
        #expect(outcome == .away(code: "smtp_tls"))
        #expect(got?.commands.contains { $0.hasPrefix("MAIL") } == false)
    }

    @Test func `a refused login is our trouble, not the mail's`() async throws {
        let answers = ["EHLO": "250-sink\r\n250 AUTH PLAIN", "AUTH": "535 wrong"]
        #expect(try await send(answers, user: "praxis").0 == .away(code: "smtp_login"))
    }

    @Test func `nobody at the port is away`() async throws {
        let server = SMTPServer(host: "127.0.0.1", port: 1, security: .none)
        #expect(await SMTPMailer(server).send(try MailTextTests.mail()) == .away(code: "smtp_unreachable"))
    }
}
