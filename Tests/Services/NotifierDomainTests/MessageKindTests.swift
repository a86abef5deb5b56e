import Kernel
import NotifierDomain
import Testing

struct MessageKindTests {
    @Test func `codes, reset links, reminders and offers live shortly, from when they were asked for`() {
        for kind in MessageKind.allCases {
            let isShort = [
                .phoneCode, .accessCode, .passwordReset, .appointmentReminder, .waitlistOffered, .queueCalled,
            ].contains(kind)
            #expect(kind.isPerishable == isShort)
            #expect((kind.lifetime <= .seconds(1800)) == isShort)
        }
    }

    @Test func `nothing but a code must go as a text: nobody pays for what a mail says without choosing it`() {
        for kind in MessageKind.allCases where kind.channels == [.sms] {
            #expect(kind.preference == .security || kind == .queueCalled)
        }
        #expect(NotificationPreferences.default.channels(of: .text(.queueCalled, to: ID(high: 1, low: 1))).isEmpty)
    }
}
