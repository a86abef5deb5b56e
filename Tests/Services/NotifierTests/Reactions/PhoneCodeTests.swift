import Events
import Kernel
import Messaging
import Notifier
import NotifierDomain
import Testing

struct PhoneCodeTests {
    /// A code was asked for; texts go out as the test says.
    func asked(
        _ texter: GivenTexter, _ contacts: GivenContacts = GivenContacts(),
        _ body: @escaping @Sendable (World, DeliverDue) async throws -> Void
    ) async throws {
        try await withWorld { world in
            try await world.handler.handle(world.envelope(.phoneCodeRequested(world.fact())))
            try await body(world, try world.texting(by: texter, contacts: contacts))
        }
    }

    @Test func `a code goes to the phone, in one short text`() async throws {
        let texter = GivenTexter()
        try await asked(texter) { world, texting in
            #expect(try await texting.round().tried == 1)
            let message = try #require(texter.sent.first)
            #expect(message.to.text == "+4915112345678")
            #expect(message.text == "482913 is your Praxis code. It works for 10 minutes. Tell it to nobody.")
            #expect(message.key == message.id.description)
            #expect(try await world.state() == ["sent 1 -"])
        }
    }

    @Test func `mail and texts are queues of their own`() async throws {
        let (texter, mailer) = (GivenTexter(), GivenMailer())
        try await asked(texter) { world, texting in
            try await world.handler.handle(world.registered())
            #expect(try await world.sending(by: mailer).round().tried == 1)
            #expect(mailer.sent.map(\.kind) == ["welcome"] && texter.sent.isEmpty)
            #expect(try await texting.round().tried == 1)
        }
    }

    @Test func `a phone that is proven gets no code`() async throws {
        let texter = GivenTexter()
        let proven = GivenContacts(code: { .notWanted(code: "already_verified") })
        try await asked(texter, proven) { world, texting in
            _ = try await texting.round()
            #expect(texter.sent.isEmpty)
            #expect(try await world.state() == ["failed 1 already_verified"])
        }
    }

    @Test func `a code is not sent later than it was wanted, and none is made for it`() async throws {
        let texter = GivenTexter()
        let unasked = GivenContacts(code: {
            Issue.record("a code was made for nobody")
            throw Problem.unavailable()
        })
        try await asked(texter, unasked) { world, texting in
            world.clock.pass(.seconds(700))
            _ = try await texting.round()
            #expect(texter.sent.isEmpty)
            #expect(try await world.state() == ["dead 1 expired"])
        }
    }

    @Test func `a text put off is tried again soon, as another message, since its code is another`() async throws {
        let texter = GivenTexter(.deferred(code: "sms_429"), .deferred(code: "sms_500"))
        try await asked(texter) { world, texting in
            _ = try await texting.round()
            #expect(try await world.state() == ["waiting 1 sms_429"])
            world.clock.pass(.seconds(15))
            _ = try await texting.round()
            world.clock.pass(.seconds(30))
            _ = try await texting.round()
            #expect(try await world.state() == ["sent 3 -"])
            let id = try #require(texter.sent.first).id
            #expect(texter.sent.map(\.key) == ["\(id)", "\(id)-2", "\(id)-3"])
        }
    }

    @Test(arguments: ["12", "1234\r\nTo: +1", "12 34 56", "<b>1234</b>", "1234567890123"])
    func `what is no code is not passed on`(code: String) async throws {
        let texter = GivenTexter()
        let odd = GivenContacts(code: { GivenContacts.code(code) })
        try await asked(texter, odd) { world, texting in
            _ = try await texting.round()
            #expect(texter.sent.isEmpty)
            #expect(try await world.state() == ["failed 1 template"])
        }
    }

    @Test(arguments: ["", "555-1234", "+49151\r\n12345678", "+49 151 12345678", "tel:+4915112345678"])
    func `what is no number is not texted`(phone: String) async throws {
        let texter = GivenTexter()
        let odd = GivenContacts(code: { GivenContacts.code("482913", to: phone) })
        try await asked(texter, odd) { world, texting in
            _ = try await texting.round()
            #expect(texter.sent.isEmpty)
            #expect(try await world.state() == ["failed 1 recipient_phone"])
        }
    }
}
