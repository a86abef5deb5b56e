import Kernel
import NotifierDomain
import Testing

struct PreferencesTests {
    private static let account = ID<Account>(high: 1, low: 1)

    private func channels(
        _ ways: [PreferenceKind: [NotificationWay]], of planned: PlannedDelivery
    ) -> [MessageChannel] {
        NotificationPreferences(ways: ways).channels(of: planned)
    }

    @Test func `without a choice everything goes by mail, and nothing that is not a code as a text`() {
        let usual = NotificationPreferences.default
        for kind in MessageKind.allCases where kind.channels.contains(.email) {
            let planned: PlannedDelivery =
                kind.channels == [.email] ? .mail(kind, to: Self.account) : .mailOrText(kind, to: Self.account)
            #expect(usual.channels(of: planned) == [.email])
        }
        #expect(usual.channels(of: .text(.phoneCode, to: Self.account)) == [.sms])
    }

    @Test func `mail and text are tried in the order of the list, and neither where it is not named`() {
        let confirmed = PlannedDelivery.mailOrText(.appointmentConfirmed, to: Self.account)
        #expect(channels([.appointment: [.inApp, .sms, .email]], of: confirmed) == [.sms, .email])
        #expect(channels([.appointment: [.email, .sms]], of: confirmed) == [.email, .sms])
        #expect(channels([.appointment: [.sms]], of: confirmed) == [.sms])
        #expect(channels([.appointment: [.inApp]], of: confirmed).isEmpty)
        #expect(channels([.reminder: [.sms]], of: confirmed) == [.email])
        #expect(channels([.appointment: [.sms]], of: .mail(.appointmentConfirmed, to: Self.account)).isEmpty)
    }

    @Test func `nothing turns off codes, security and emergency access`() {
        let nothing = NotificationPreferences(
            ways: Dictionary(uniqueKeysWithValues: PreferenceKind.allCases.map { ($0, []) }))
        for kind in MessageKind.allCases where kind.preference.isLocked {
            #expect(nothing.channels(of: .mail(kind, to: Self.account)) == [.email])
        }
        for kind in InboxKind.allCases {
            let planned = PlannedInboxMessage(kind, to: Self.account, about: nil)
            #expect(nothing.wants(planned) == kind.preference.isLocked)
            #expect(NotificationPreferences.default.wants(planned))
        }
        #expect(nothing.channels(of: .text(.accessCode, to: Self.account)) == [.sms])
    }

    @Test func `ending the mails of one kind leaves its other ways and the other kinds`() {
        let chosen = NotificationPreferences(ways: [.reminder: [.inApp, .sms, .email]])
        let ended = chosen.withoutMail(of: .reminder)
        #expect(ended.ways(of: .reminder) == [.inApp, .sms] && ended.ways(of: .appointment) == [.inApp, .email])
        #expect(ended.withoutMail(of: .reminder) == ended)
        #expect(chosen.withoutMail(of: .security) == chosen)
    }
}
