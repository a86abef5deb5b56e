/// How an account wants to be told of what concerns it.
package struct NotificationPreferences: Sendable, Equatable {
    /// An IANA name: in whose time the quiet hours are.
    package let timezone: String
    package let quietHours: QuietHours?
    /// The ways of the kinds for which they are not the usual ones.
    package let chosen: [PreferenceKind: [NotificationWay]]

    /// - Parameter ways: by kind; usual and fixed ones need not be named.
    package init(
        timezone: String = "UTC", quietHours: QuietHours? = nil, ways: [PreferenceKind: [NotificationWay]] = [:]
    ) {
        self.timezone = timezone
        self.quietHours = quietHours
        chosen = ways.filter { kind, ways in !kind.isLocked && ways != PreferenceKind.usualWays }
    }

    /// Of who has said nothing.
    package static let `default` = NotificationPreferences()

    /// In their order: an inbox message is always written where it is named; of mail and text the later one is tried
    /// when the earlier one failed for good.
    package func ways(of kind: PreferenceKind) -> [NotificationWay] { chosen[kind] ?? PreferenceKind.usualWays }

    /// The same without mail of one kind.
    package func withoutMail(of kind: PreferenceKind) -> NotificationPreferences {
        var ways = chosen
        ways[kind] = self.ways(of: kind).filter { $0 != .email }
        return NotificationPreferences(timezone: timezone, quietHours: quietHours, ways: ways)
    }
}

/// What somebody is told of, as far as it is turned on and off together.
package enum PreferenceKind: String, Sendable, CaseIterable {
    case appointment, reminder
    /// What is added to the account's records: prescriptions and files.
    case prescription
    case waitlist, access
    /// The service itself: welcome, decisions about entries and hospitals.
    case product
    // The ways of these two are fixed.
    case security
    case breakGlass = "break_glass"

    package var isLocked: Bool { self == .security || self == .breakGlass }

    /// Without texts, so that nobody pays for or is woken by what a mail says.
    package static let usualWays: [NotificationWay] = [.inApp, .email]
}

/// A way of telling somebody.
package enum NotificationWay: String, Sendable, CaseIterable {
    case inApp = "in_app"
    case email, sms
}

/// When no text comes: each day from a time to another by the clock on the wall, the end not included; over midnight
/// where the end is the earlier one.
package struct QuietHours: Sendable, Equatable {
    /// Minutes since midnight, each 0 to 1439.
    package let from: Int
    package let to: Int

    /// Nil for what is no time of a day, and where both are the same.
    package init?(from: Int, to: Int) {
        guard (0..<1440).contains(from), (0..<1440).contains(to), from != to else { return nil }
        self.from = from
        self.to = to
    }

    package var fromText: String { TimeWindow.text(from) }
    package var toText: String { TimeWindow.text(to) }
}
