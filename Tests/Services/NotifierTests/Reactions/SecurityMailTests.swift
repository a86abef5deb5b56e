import Events
import Kernel
import Messaging
import Notifier
import NotifierDomain
import Testing

struct SecurityMailTests {
    @Test func `an owner hears what was done to the account, and when`() async throws {
        try await withWorld { world in
            let fact = world.fact()
            let session = SessionFact(account: fact.account, session: .make(at: world.clock.now))
            let mailer = GivenMailer()
            for (event, subject) in [
                (Event.passwordChanged(fact), "Your password was changed"),
                (.newDeviceSeen(session), "A login from a new device"),
                (.secondFactorEnabled(fact), "Two-step login was turned on"),
                (.secondFactorDisabled(fact), "Two-step login was turned off"),
            ] {
                try await world.handler.handle(world.envelope(event))
                _ = try await world.sending(by: mailer).round()
                let mail = try #require(mailer.sent.last)
                #expect(mail.subject == subject)
                for words in [mail.text, mail.html] {
                    #expect(words.contains("9 October 2025, 08:53 UTC") && words.contains("https://praxis.example"))
                    #expect(!words.contains(session.session.description))
                }
            }
        }
    }

    @Test func `who forgot the password gets a link, made while the mail is written`() async throws {
        try await withWorld { world in
            try await world.handler.handle(world.envelope(.passwordResetRequested(world.fact())))
            let mailer = GivenMailer()
            _ = try await world.sending(by: mailer).round()
            let mail = try #require(mailer.sent.first)
            #expect(mail.subject == "Set a new password")
            #expect(mail.text.contains("https://praxis.example/reset-password?token=prxr_xyz-_9\n"))
            #expect(mail.html.contains("https://praxis.example/reset-password?token=prxr_xyz-_9\""))
        }
    }

    @Test func `a new email gets a link, and the address it replaces hears of it before and after`() async throws {
        try await withWorld { world in
            let mailer = GivenMailer()
            let sending = try world.sending(by: mailer)
            try await world.handler.handle(world.envelope(.emailChangeRequested(world.fact())))
            _ = try await sending.round()
            let link = try #require(mailer.sent.first { $0.to.text == "new@example.com" })
            #expect(link.subject == "Confirm your new email address")
            for words in [link.text, link.html] {
                #expect(words.contains("https://praxis.example/confirm-email?token=prxe_pq-_7"))
            }
            let notice = try #require(mailer.sent.first { $0.to.text == "nina@example.com" })
            #expect(notice.subject == "A new email address was asked for")
            #expect(!notice.text.contains("prxe_") && !notice.text.contains("new@example.com"))

            try await world.handler.handle(world.envelope(.emailChanged(world.fact())))
            _ = try await sending.round()
            #expect(mailer.sent.count == 3)
            let last = try #require(mailer.sent.last)
            #expect(last.to.text == "old@example.com" && last.subject == "Your email address was changed")
        }
    }

    @Test func `identity may say that no link must be sent`() async throws {
        try await withWorld { world in
            try await world.handler.handle(world.envelope(.passwordResetRequested(world.fact())))
            let mailer = GivenMailer()
            _ = try await world.sending(by: mailer, contacts: GivenContacts(resetToken: { nil })).round()
            #expect(mailer.sent.isEmpty)
            #expect(try await world.state() == ["failed 1 not_wanted"])
        }
    }

    @Test func `a link asked for half an hour ago is not sent any more, however late we heard`() async throws {
        try await withWorld { world in
            let event = world.envelope(.passwordResetRequested(world.fact()))
            world.clock.pass(.seconds(1900))
            try await world.handler.handle(event)
            let mailer = GivenMailer()
            _ = try await world.sending(by: mailer).round()
            #expect(mailer.sent.isEmpty)
            #expect(try await world.state() == ["dead 1 expired"])
        }
    }

    @Test func `a welcome heard of late is sent all the same`() async throws {
        try await withWorld { world in
            let event = world.registered()
            world.clock.pass(.seconds(200_000))
            try await world.handler.handle(event)
            let mailer = GivenMailer()
            _ = try await world.sending(by: mailer).round()
            #expect(mailer.sent.count == 1)
        }
    }

    @Test func `a mail that nobody wants any more keeps the reason why it was late`() async throws {
        try await withWorld { world in
            try await world.handler.handle(world.registered())
            let sending = try world.sending(by: GivenMailer(.away(code: "smtp_unreachable")))
            _ = try await sending.round()
            world.clock.pass(.seconds(200_000))
            _ = try await sending.round()
            #expect(try await world.state() == ["dead 2 smtp_unreachable"])
        }
    }
}
