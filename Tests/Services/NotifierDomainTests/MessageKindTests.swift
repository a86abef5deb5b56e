import Kernel
import NotifierDomain
import Testing

struct MessageKindTests {
    @Test func `codes, reset links, reminders and offers live shortly, from when they were asked for`() {
        for kind in MessageKind.allCases {
            let isShort = [.phoneCode, .accessCode, .passwordReset, .appointmentReminder, .waitlistOffered].contains(
                kind)
            #expect(kind.isPerishable == isShort)
            #expect((kind.lifetime <= .seconds(1800)) == isShort)
        }
    }

    @Test func `nothing but a code goes as a text: nobody pays for what a mail says`() {
        for kind in MessageKind.allCases {
            #expect(kind.channels.contains(.sms) == (kind == .phoneCode || kind == .accessCode))
        }
    }
}
