import API
import Events
import Kernel
import Messaging
import Notifier
import NotifierDomain
import Postgres
import Testing

struct DeliveryTests {
    @Test func `a registration heard twice makes one delivery`() async throws {
        try await withWorld { world in
            let event = world.registered()
            let first = try await world.handler.handle(event)
            let second = try await world.handler.handle(event)
            #expect(first && !second)
            #expect(try await world.state() == ["waiting 0 -"])
        }
    }

    @Test func `other facts of identity make none`() async throws {
        try await withWorld { world in
            let fact = AccountFact(account: .make(at: world.clock.now), role: .doctor)
            let standing = StandingFact(account: fact.account, role: .doctor, version: 2)
            for event in [Event.accountUpdated(fact), .accountDeactivated(standing), .phoneVerified(fact)] {
                try await world.handler.handle(world.envelope(event))
            }
            #expect(try await world.deliveries.waiting() == 0)
        }
    }

    @Test func `a due delivery is written, sent and over`() async throws {
        try await withWorld { world in
            try await world.handler.handle(world.registered())
            let mailer = GivenMailer()
            let round = try await world.sending(by: mailer).round()
            #expect(round.tried == 1)
            let mail = try #require(mailer.sent.first)
            #expect(mail.to.text == "nina@example.com")
            #expect(mail.subject == "Welcome to Praxis")
            #expect(mail.text.hasPrefix("Hello Nina Simone,"))
            #expect(mail.html.contains("https://praxis.example"))
            #expect(mail.messageID == "<\(mail.id)@praxis.example>")
            #expect(try await world.state() == ["sent 1 -"])
            let again = try await world.sending(by: mailer).round()
            #expect(again.tried == 0)
        }
    }

    @Test func `a crash between the provider's word and the commit repeats the same mail, and only that`() async throws
    {
        try await withWorld { world in
            try await world.handler.handle(world.registered())
            let mailer = GivenMailer()
            // The first sender got as far as the provider's 250: it claimed, sent, and was gone.
            let claimed = try await world.deliveries.claim(
                4, of: .email, at: world.clock.now, lease: .seconds(120))
            #expect(claimed.count == 1)
            let sending = try world.sending(by: mailer)
            world.clock.pass(.seconds(119))
            #expect(try await sending.round().tried == 0)
            world.clock.pass(.seconds(2))
            #expect(try await sending.round().tried == 1)
            #expect(mailer.sent.map(\.messageID) == claimed.map(\.messageID))
            #expect(mailer.sent.map(\.date) == claimed.map(\.created))
            // Should the first one wake, it has no say any more.
            #expect(try await !world.deliveries.settle(claimed[0], .failed, code: "late", at: world.clock.now))
            #expect(try await world.state() == ["sent 2 -"])
        }
    }

    @Test func `a refusal for good is not tried again`() async throws {
        try await withWorld { world in
            try await world.handler.handle(world.registered())
            let mailer = GivenMailer(.refused(code: "smtp_550"))
            let sending = try world.sending(by: mailer)
            _ = try await sending.round()
            #expect(try await world.state() == ["failed 1 smtp_550"])
            world.clock.pass(.seconds(90_000))
            #expect(try await sending.round().tried == 0)
        }
    }

    @Test func `a deferred mail goes out later, and is given up after a day`() async throws {
        try await withWorld { world in
            try await world.handler.handle(world.registered())
            let sending = try world.sending(by: GivenMailer(.deferred(code: "smtp_450"), .deferred(code: "smtp_450")))
            _ = try await sending.round()
            #expect(try await world.state() == ["waiting 1 smtp_450"])
            #expect(try await sending.round().tried == 0)
            world.clock.pass(.seconds(86_400))
            _ = try await sending.round()
            #expect(try await world.state() == ["dead 2 smtp_450"])
        }
    }

    @Test func `while identity is away mail waits, and an account that is gone gets none`() async throws {
        try await withWorld { world in
            try await world.handler.handle(world.registered())
            let mailer = GivenMailer()
            let away = try world.sending(by: mailer, contacts: GivenContacts(answer: { throw Problem.unavailable() }))
            #expect(try await away.round().isAway)
            #expect(try await world.state() == ["waiting 1 contact"])
            world.clock.pass(.seconds(3))
            let gone = try world.sending(by: mailer, contacts: GivenContacts(answer: { throw Problem.notFound }))
            _ = try await gone.round()
            #expect(try await world.state() == ["failed 2 recipient_unknown"])
            #expect(mailer.sent.isEmpty)
        }
    }

    @Test func `two senders never take the same delivery`() async throws {
        try await withWorld { world in
            for _ in 0..<8 { try await world.handler.handle(world.registered()) }
            let mailer = GivenMailer()
            let (one, other) = (try world.sending(by: mailer), try world.sending(by: mailer))
            async let first = one.round()
            async let second = other.round()
            let tried = try await first.tried + second.tried
            #expect(tried == 8)
            #expect(Set(mailer.sent.map(\.id)).count == 8)
            #expect(mailer.sent.count == 8)
        }
    }

    @Test func `a mail about a visit is written for the start its event told, with its calendar file`() async throws {
        try await withWorld { world in
            let start = Instant(seconds: 1_800_000_000)
            let fact = AppointmentFact(
                appointment: .make(at: world.clock.now), hospital: ID(high: 2, low: 2),
                hospitalAccount: ID(high: 1, low: 4), department: nil, doctor: ID(high: 2, low: 3), doctorAccount: nil,
                patient: ID(high: 2, low: 4), patientAccount: ID(high: 1, low: 1), status: .confirmed, start: start,
                actor: nil)
            try await world.handler.handle(world.envelope(.appointmentConfirmed(fact)))
            let mailer = GivenMailer()
            _ = try await world.sending(by: mailer).round()
            let mail = try #require(mailer.sent.first)
            #expect(mail.text.contains("Time: \(start.rfc3339)"))
            #expect(mail.calendar?.method == .publish)
        }
    }
}
