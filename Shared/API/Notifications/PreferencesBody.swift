package import Forms
package import JSON
package import Kernel

/// How an account wants to be told, as it is written: all of it at once. What is absent is as usual.
package struct PreferencesBody: Input {
    /// Whether the database knows the zone, the handler asks.
    package let preferences: NotificationPreferences

    private static let form = Form(
        .text("timezone", 1...64).or(NotificationPreferences.default.timezone), .optional(.quietHours("quiet_hours")),
        .preferenceChannels("channels").or(ChosenChannels()))

    package static let properties = form.properties

    package init(_ source: Source) throws(Problem) {
        let (timezone, quietHours, channels) = try Self.form.read(source)
        try channels.checkLocked()
        preferences = NotificationPreferences(timezone: timezone, quietHours: quietHours, ways: channels.ways)
    }

    package static let example: JSONValue? = [
        "timezone": "Europe/Berlin", "quiet_hours": ["from": "22:00", "to": "07:00"],
        "channels": ["appointment": ["in_app", "email"], "reminder": ["in_app", "sms", "email"]],
    ]
}

/// What was sent as ways by kind.
struct ChosenChannels: Sendable {
    var ways: [PreferenceKind: [NotificationWay]] = [:]
    /// Kinds whose ways are fixed and were sent otherwise.
    var changedLocked: [PreferenceKind] = []

    func checkLocked() throws(Problem) {
        guard !changedLocked.isEmpty else { return }
        throw Problem(
            .locked, "What is told of security and of emergency access cannot be turned off.",
            errors: changedLocked.map {
                .init(
                    field: "channels.\($0.rawValue)", messages: ["Its ways are fixed: in_app and email."])
            })
    }
}

extension Field where Value == QuietHours {
    fileprivate static func quietHours(_ name: String) -> Field<QuietHours> {
        let time = Field<Int>.timeOfDay
        return .object(name, time("from").properties + time("to").properties) { source, faults in
            guard let from = time("from").read(source, faults), let to = time("to").read(source, faults) else {
                return nil
            }
            guard let hours = QuietHours(from: from, to: to) else {
                faults.add("to", "Must not be the same as `from`.")
                return nil
            }
            return hours
        }
    }
}

extension Field where Value == Int {
    /// `HH:MM`, as minutes since midnight.
    fileprivate static func timeOfDay(_ name: String) -> Field<Int> {
        Field(name, .string.adding("pattern", .string("^([01][0-9]|2[0-3]):[0-5][0-9]$"))) { value, refuse in
            if let minutes = value.string.flatMap({ TimeWindow.minutes(CleanText.trimmed($0)) }), minutes < 1440 {
                return minutes
            }
            refuse("Must be a time of day, as HH:MM.")
            return nil
        }
    }
}

extension Field where Value == ChosenChannels {
    /// Ways by kind. Unlike elsewhere an unknown key is refused: a kind spelt wrong would be told as usual, unnoticed.
    fileprivate static func preferenceChannels(_ name: String) -> Field<ChosenChannels> {
        let kinds = PreferenceKind.allCases.map { ($0, Field<[NotificationWay]?>.optional(.ways($0.rawValue))) }
        return .object(name, kinds.flatMap(\.1.properties)) { source, faults in
            let known = kinds.map(\.0.rawValue)
            for member in source.body?.object ?? [] where !known.contains(member.key) {
                faults.add(member.key, "Must be one of: \(known.joined(separator: ", ")).")
            }
            var chosen = ChosenChannels()
            for (kind, field) in kinds {
                guard let ways = field.read(source, faults).flatMap(\.self) else { continue }
                if kind.isLocked, Set(ways) != Set(PreferenceKind.usualWays) { chosen.changedLocked.append(kind) }
                chosen.ways[kind] = ways
            }
            return chosen
        }
    }
}

extension Field where Value == [NotificationWay] {
    fileprivate static func ways(_ name: String) -> Field<[NotificationWay]> {
        Field(name, .notificationWays) { value, refuse in
            let ways = value.array?.compactMap { $0.string.flatMap { NotificationWay(rawValue: $0) } }
            guard let ways, ways.count == value.array?.count, Set(ways).count == ways.count else {
                let known = NotificationWay.allCases.map(\.rawValue).joined(separator: ", ")
                refuse("Must be a list of \(known), each at most once.")
                return nil
            }
            return ways
        }
    }
}

extension Schema {
    static let notificationWays = Schema.array(of: .string(oneOf: NotificationWay.allCases.map(\.rawValue)))
        .adding("uniqueItems", .bool(true))
}
