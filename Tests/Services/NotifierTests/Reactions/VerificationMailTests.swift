import Events
import Kernel
import Messaging
import Notifier
import NotifierDomain
import Testing

struct VerificationMailTests {
    @Test func `a provider who registers gets a link, and the welcome once the email is proven`() async throws {
        try await withWorld { world in
            let fact = AccountFact(account: .make(at: world.clock.now), role: .doctor)
            let mailer = GivenMailer()
            let sending = try world.sending(by: mailer)
            try await world.handler.handle(world.envelope(.accountRegistered(fact)))
            try await world.handler.handle(world.envelope(.verificationRequested(fact)))
            #expect(try await sending.round().tried == 1)
            let mail = try #require(mailer.sent.first)
            #expect(mail.subject == "Confirm your email address")
            #expect(mail.text.contains("https://praxis.example/verify-email?token=prxv_abc-_1\n"))
            #expect(mail.html.contains("https://praxis.example/verify-email?token=prxv_abc-_1\""))

            try await world.handler.handle(world.envelope(.emailVerified(fact)))
            #expect(try await sending.round().tried == 1)
            #expect(mailer.sent.last?.subject == "Welcome to Praxis")
        }
    }

    @Test func `nobody is asked to prove an email that is proven`() async throws {
        try await withWorld { world in
            let fact = AccountFact(account: .make(at: world.clock.now), role: .doctor)
            let mailer = GivenMailer()
            var contacts = GivenContacts()
            contacts.token = { nil }
            try await world.handler.handle(world.envelope(.verificationRequested(fact)))
            _ = try await world.sending(by: mailer, contacts: contacts).round()
            #expect(mailer.sent.isEmpty)
            #expect(try await world.state() == ["failed 1 already_verified"])
        }
    }

    @Test func `an administrator hears of a provider: name, specialty, licence, and where to decide`() async throws {
        try await withWorld { world in
            let review = ReviewFact(
                account: .make(at: world.clock.now), reviewer: .make(at: world.clock.now))
            let mailer = GivenMailer()
            try await world.handler.handle(world.envelope(.reviewAsked(review)))
            _ = try await world.sending(by: mailer).round()
            let mail = try #require(mailer.sent.first)
            #expect(mail.subject == "A provider waits for verification")
            let place = "https://praxis.example/api/admin/providers/\(review.account)/verification"
            for words in [mail.text, mail.html] {
                for part in ["John Doe", "Internal Medicine", "MD123456789", place, "https://praxis.example/docs"] {
                    #expect(words.contains(part))
                }
            }
        }
    }

    @Test func `a provider hears what was decided, but not by mail why`() async throws {
        try await withWorld { world in
            let fact = ProviderFact(
                provider: .make(at: world.clock.now), account: .make(at: world.clock.now))
            let mailer = GivenMailer()
            for event in [Event.providerRegistered(fact), .providerVerified(fact), .providerRejected(fact)] {
                try await world.handler.handle(world.envelope(event))
            }
            _ = try await world.sending(by: mailer).round()
            #expect(
                mailer.sent.map(\.subject).sorted() == [
                    "You have been verified as a provider", "Your registration as a provider was not accepted",
                ])
        }
    }
}
