import Events
import Kernel
import Lifecycle
import Messaging
import Notifier
import NotifierDomain
import Postgres
import Testing

/// Texts about what one chose, in their hours, and the way that is tried when another failed.
struct TextsByChoiceTests {
    private static let patient = ID<Account>(high: 1, low: 1)
    private static let sms: [NotificationWay] = [.inApp, .sms, .email]

    private func reached(_ phone: String? = "+4915112345678", isProven: Bool = true) -> GivenContacts {
        GivenContacts(answer: {
            Contact(
                name: "Nina Simone", email: "nina@example.com", phone: phone, isPhoneProven: isProven, isActive: true)
        })
    }

    private func confirmed(_ world: World) -> EventEnvelope {
        world.envelope(
            .appointmentConfirmed(
                AppointmentFact(
                    appointment: ID(high: 2, low: 1), hospital: ID(high: 2, low: 2),
                    hospitalAccount: ID(high: 1, low: 9), department: nil, doctor: nil, doctorAccount: nil,
                    patient: ID(high: 2, low: 4),
                    patientAccount: Self.patient, status: .confirmed, start: Instant(seconds: 1_770_000_000),
                    actor: nil, formerDoctor: nil, formerDoctorAccount: nil)))
    }

    private func reminder(_ world: World) -> EventEnvelope {
        world.envelope(
            .reminderDue(
                ReminderFact(
                    appointment: ID(high: 2, low: 1), kind: .hourBefore, hospital: ID(high: 2, low: 2),
                    doctor: ID(high: 2, low: 3), doctorAccount: nil, patient: ID(high: 2, low: 4),
                    patientAccount: Self.patient, start: world.clock.now + .seconds(3600))))
    }

    /// What was planned for whom, by channel.
    private func queue(_ world: World) async throws -> [String] {
        let row = Column<String>(
            "kind || ' ' || channel || ' ' || state || ' ' || coalesce(last_error, '-') || ' ' || next_channels::text")
        return try await world.database.read(row) { "select \($0) from delivery" }.sorted()
    }

    @Test func `who chose texts first gets a text and no mail, and it names nobody`() async throws {
        let (texter, mailer) = (GivenTexter(), GivenMailer())
        try await withWorld { world in
            try await world.choose(.init(ways: [.appointment: Self.sms]), for: Self.patient)
            try await world.handler.handle(confirmed(world))
            #expect(try await queue(world) == ["appointment_confirmed sms waiting - {email}"])
            #expect(try await world.texting(by: texter, contacts: reached()).round().tried == 1)
            #expect(try await world.sending(by: mailer, contacts: reached()).round().tried == 0)
            #expect(
                texter.sent.map(\.text) == ["Your appointment on 2026-02-02T02:40:00Z is confirmed. Praxis"])
        }
    }

    @Test func `what is turned off makes no row, no mail and no text`() async throws {
        try await withWorld { world in
            try await world.choose(.init(ways: [.appointment: [], .reminder: [.sms]]), for: Self.patient)
            try await world.handler.handle(confirmed(world))
            #expect(try await queue(world).isEmpty)
            try await world.handler.handle(reminder(world))
            #expect(try await queue(world) == ["appointment_reminder sms waiting - {}"])
            let kept = try await world.database.read(Column<Int>("count(*)"), as: .service) {
                "select \($0) from inbox_message"
            }
            #expect(try kept.one == 0)
        }
    }

    @Test(arguments: [(nil, true), ("+4915112345678", false)] as [(String?, Bool)])
    func `without a proven phone the next way is tried, once`(phone: String?, isProven: Bool) async throws {
        let mailer = GivenMailer()
        try await withWorld { world in
            try await world.choose(.init(ways: [.appointment: Self.sms]), for: Self.patient)
            let envelope = confirmed(world)
            try await world.handler.handle(envelope)
            let texting = try world.texting(by: GivenTexter(), contacts: reached(phone, isProven: isProven))
            #expect(try await texting.round().tried == 1)
            #expect(
                try await queue(world) == [
                    "appointment_confirmed email waiting - {}",
                    "appointment_confirmed sms failed recipient_phone {email}",
                ])
            #expect(try await world.sending(by: mailer, contacts: reached()).round().tried == 1)
            #expect(mailer.sent.count == 1)
            try await world.database.run("delete from handled")
            try await world.handler.handle(envelope)
            #expect(try await queue(world).count == 2)
        }
    }

    @Test func `a mailbox that does not exist is followed by a text for those who named one`() async throws {
        let texter = GivenTexter()
        try await withWorld { world in
            try await world.choose(.init(ways: [.appointment: [.email, .sms]]), for: Self.patient)
            try await world.handler.handle(confirmed(world))
            let mailer = GivenMailer(.refused(code: "smtp_550"))
            #expect(try await world.sending(by: mailer, contacts: reached()).round().tried == 1)
            #expect(try await world.texting(by: texter, contacts: reached()).round().tried == 1)
            #expect(texter.sent.count == 1)
        }
    }

    @Test func `what nobody is to get any more is not tried another way either`() async throws {
        try await withWorld { world in
            try await world.choose(.init(ways: [.appointment: Self.sms]), for: Self.patient)
            try await world.handler.handle(confirmed(world))
            let inactive = GivenContacts(answer: { Contact(name: "", email: "a@b.example", isActive: false) })
            _ = try await world.texting(by: GivenTexter(), contacts: inactive).round()
            #expect(
                try await queue(world) == ["appointment_confirmed sms failed recipient_inactive {email}"])
        }
    }

    @Test func `a provider that is down is waited for, and the next way begins when it is given up`() async throws {
        let down = GivenTexter(
            .deferred(code: "sms_503"), .deferred(code: "sms_503"), .deferred(code: "sms_503"))
        try await withWorld { world in
            try await world.choose(.init(ways: [.appointment: Self.sms]), for: Self.patient)
            try await world.handler.handle(confirmed(world))
            let texting = try world.texting(by: down, contacts: reached())
            _ = try await texting.round()
            #expect(try await queue(world) == ["appointment_confirmed sms waiting sms_503 {email}"])
            world.clock.pass(.seconds(86_400 + 61))
            _ = try await texting.round()
            #expect(
                try await queue(world) == [
                    "appointment_confirmed email waiting - {}", "appointment_confirmed sms dead sms_503 {email}",
                ])
        }
    }

    @Test func `a text waits for the end of the quiet hours, and a reminder then goes by mail`() async throws {
        let texter = GivenTexter()
        try await withWorld { world in
            let hours = world.quiet(from: -60, to: 120)
            try await world.choose(
                .init(quietHours: hours, ways: [.appointment: Self.sms, .reminder: Self.sms]), for: Self.patient)
            try await world.handler.handle(confirmed(world))
            try await world.handler.handle(reminder(world))
            let texting = try world.texting(by: texter, contacts: reached())
            #expect(try await texting.round().tried == 2)
            #expect(texter.sent.isEmpty)
            #expect(
                try await queue(world) == [
                    "appointment_confirmed sms waiting quiet_hours {email}",
                    "appointment_reminder email waiting - {}",
                    "appointment_reminder sms dead quiet_hours {email}",
                ])
            world.clock.pass(.seconds(119 * 60))
            #expect(try await texting.round().tried == 0)
            world.clock.pass(.seconds(120))
            #expect(try await texting.round().tried == 1)
            #expect(texter.sent.map(\.kind) == ["appointment_confirmed"])
        }
    }

    @Test(arguments: [[.sms], [.inApp, .sms]] as [[NotificationWay]])
    func `who ended reminder mails gets none, though the text would come too late`(ways: [NotificationWay])
        async throws
    {
        try await withWorld { world in
            let hours = world.quiet(from: -60, to: 120)
            try await world.choose(.init(quietHours: hours, ways: [.reminder: ways]), for: Self.patient)
            try await world.handler.handle(reminder(world))
            _ = try await world.texting(by: GivenTexter(), contacts: reached()).round()
            #expect(try await queue(world) == ["appointment_reminder sms dead quiet_hours {}"])
        }
    }

    @Test func `a mail planned behind a held text is not sent to who ended those mails meanwhile`() async throws {
        try await withWorld { world in
            let hours = world.quiet(from: -60, to: 120)
            try await world.choose(.init(quietHours: hours, ways: [.reminder: Self.sms]), for: Self.patient)
            try await world.handler.handle(reminder(world))
            try await world.choose(.init(quietHours: hours, ways: [.reminder: [.inApp, .sms]]), for: Self.patient)
            _ = try await world.texting(by: GivenTexter(), contacts: reached()).round()
            #expect(try await queue(world) == ["appointment_reminder sms dead quiet_hours {email}"])
        }
    }

    @Test func `who ended texts while one was held gets none, and the way they still want`() async throws {
        let texter = GivenTexter()
        try await withWorld { world in
            let hours = world.quiet(from: -60, to: 120)
            try await world.choose(.init(quietHours: hours, ways: [.appointment: Self.sms]), for: Self.patient)
            try await world.handler.handle(confirmed(world))
            let texting = try world.texting(by: texter, contacts: reached())
            _ = try await texting.round()
            try await world.choose(.init(quietHours: hours, ways: [.appointment: [.email]]), for: Self.patient)
            world.clock.pass(.seconds(121 * 60))
            _ = try await texting.round()
            #expect(texter.sent.isEmpty)
            #expect(
                try await queue(world) == [
                    "appointment_confirmed email waiting - {}", "appointment_confirmed sms failed not_chosen {email}",
                ])
        }
    }

    @Test func `a code comes in quiet hours too`() async throws {
        let texter = GivenTexter()
        try await withWorld { world in
            let fact = world.fact()
            try await world.choose(.init(quietHours: world.quiet(from: -60, to: 120)), for: fact.account)
            try await world.handler.handle(world.envelope(.phoneCodeRequested(fact)))
            _ = try await world.texting(by: texter).round()
            #expect(texter.sent.count == 1)
        }
    }

    @Test func `who is called gets a text if they chose one, and nobody else`() async throws {
        let texter = GivenTexter()
        try await withWorld { world in
            func changed(to status: QueueStatus) -> EventEnvelope {
                world.envelope(
                    .queueChanged(
                        QueueFact(
                            token: ID(high: 5, low: 1), doctor: ID(high: 2, low: 3), hospital: ID(high: 2, low: 2),
                            doctorAccount: nil, patientAccount: Self.patient, number: 7, status: status)))
            }
            try await world.handler.handle(changed(to: .called))
            #expect(try await queue(world).isEmpty)
            try await world.choose(.init(ways: [.appointment: Self.sms]), for: Self.patient)
            for status in QueueStatus.allCases { try await world.handler.handle(changed(to: status)) }
            #expect(try await queue(world) == ["queue_called sms waiting - {}"])
            _ = try await world.texting(by: texter, contacts: reached()).round()
            #expect(texter.sent.map(\.text) == ["Your number is called: it is your turn now. Praxis"])
        }
    }

    @Test func `mail of a kind that can be turned off says how, and no other does`() async throws {
        let mailer = GivenMailer()
        try await withWorld { world in
            try await world.handler.handle(confirmed(world))
            try await world.handler.handle(world.envelope(.passwordChanged(world.fact())))
            _ = try await world.sending(by: mailer, contacts: reached()).round()
            for mail in mailer.sent {
                let text = String(decoding: try MailText.write(mail), as: UTF8.self)
                let isOptional = mail.kind == "appointment_confirmed"
                #expect(text.contains("List-Unsubscribe: <https://praxis.example/unsubscribe?token=") == isOptional)
                #expect(text.contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n") == isOptional)
            }
            #expect(mailer.sent.count == 2)
        }
    }
}

/// When quiet hours end, on nights that are 24 hours long and on others.
struct QuietHoursTests {
    private static let account = ID<Account>(high: 1, low: 1)

    private func end(_ zone: String, _ from: Int, _ to: Int, at now: String) async throws -> String? {
        let ended = Locked<String?>(nil)
        let moment = try #require(Instant(rfc3339: now))
        try await withWorld { world in
            let hours = QuietHours(from: from, to: to)
            try await world.choose(.init(timezone: zone, quietHours: hours), for: Self.account)
            let found = try await world.chosen.quietEnd(of: Self.account, at: moment)
            ended.withLock { $0 = found?.rfc3339 }
        }
        return ended.withLock { $0 }
    }

    @Test(
        arguments: [
            // Berlin, 22 to 7, over midnight; the beginning is in them, the end is not.
            ("2026-01-10T21:00:00Z", "2026-01-11T06:00:00Z"), ("2026-01-10T20:59:59Z", nil),
            ("2026-01-11T05:59:59Z", "2026-01-11T06:00:00Z"), ("2026-01-11T06:00:00Z", nil),
            // The night of 2026-03-29 has no hour from 2 to 3, that of 2026-10-25 has it twice.
            ("2026-03-28T22:00:00Z", "2026-03-29T05:00:00Z"), ("2026-10-24T22:00:00Z", "2026-10-25T06:00:00Z"),
        ] as [(String, String?)])
    func `quiet hours go over midnight, in the account's zone`(now: String, ends: String?) async throws {
        #expect(try await end("Europe/Berlin", 22 * 60, 7 * 60, at: now) == ends)
    }

    @Test(
        arguments: [
            // 1:00 to 2:30: a night without 2:30 ends them an hour later by the clock, one with two at the later.
            ("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"), ("2026-03-29T01:30:00Z", nil),
            ("2026-10-25T00:45:00Z", "2026-10-25T01:30:00Z"), ("2026-10-25T01:29:00Z", "2026-10-25T01:30:00Z"),
            ("2026-10-25T01:30:00Z", nil),
        ] as [(String, String?)])
    func `an end that a night skips or repeats comes once`(now: String, ends: String?) async throws {
        #expect(try await end("Europe/Berlin", 60, 150, at: now) == ends)
    }

    @Test func `zones far from UTC have their own days`() async throws {
        #expect(
            try await end("Pacific/Kiritimati", 22 * 60, 7 * 60, at: "2026-01-10T09:00:00Z") == "2026-01-10T17:00:00Z")
        #expect(
            try await end("Asia/Calcutta", 13 * 60, 15 * 60, at: "2026-01-10T08:00:00Z") == "2026-01-10T09:30:00Z")
    }
}

extension World {
    /// Quiet hours around now, in minutes from now.
    fileprivate func quiet(from: Int, to: Int) -> QuietHours? {
        let minutes = Int(clock.now.rfc3339.dropFirst(11).prefix(2)).map { $0 * 60 } ?? 0
        let now = minutes + (Int(clock.now.rfc3339.dropFirst(14).prefix(2)) ?? 0)
        return QuietHours(from: (now + from + 1440) % 1440, to: (now + to + 1440) % 1440)
    }
}
