package import Forms
package import JSON
package import Kernel

/// How an account wants to be told, as it is written: all of it at once. What is absent is as usual. Whether there is
/// such a zone only the database knows, so what is wrong is told by the handler, together with that.
package struct PreferencesBody: Input {
    /// The zone to be looked up; nil where it can be none.
    package let timezone: String?
    /// All that was written; nil where some of it is wrong.
    private let preferences: NotificationPreferences?
    private let errors: [Problem.FieldFaults]

    private static let zone = Form(.text("timezone", 1...64).or(NotificationPreferences.default.timezone))
    private static let form = Form(
        .optional(.quietHours("quiet_hours")), .preferenceChannels("channels").or([:]))

    package static let properties = zone.properties + form.properties

    package init(_ source: Source) throws(Problem) {
        let faults = Faults()
        let timezone = Self.zone.read(source, into: faults)
        let rest = Self.form.read(source, into: faults)
        self.timezone = timezone
        errors = faults.entries
        if faults.isEmpty, let timezone, let (quietHours, ways) = rest {
            preferences = NotificationPreferences(timezone: timezone, quietHours: quietHours, ways: ways)
        } else {
            preferences = nil
        }
    }

    /// What is wanted, or all that is wrong.
    package func preferences(isZoneKnown: Bool) throws(Problem) -> NotificationPreferences {
        var errors = errors
        if !isZoneKnown {
            errors.append(
                .init(field: "timezone", messages: ["Must be a time zone's IANA name, as Europe/Berlin."]))
        }
        guard errors.isEmpty, let preferences else { throw Self.problem(errors) }
        return preferences
    }

    fileprivate static let fixed = "Its ways are fixed: in_app and email."

    /// `locked` where nothing else is wrong.
    private static func problem(_ errors: [Problem.FieldFaults]) -> Problem {
        guard !errors.isEmpty, errors.allSatisfy({ $0.messages == [fixed] }) else { return .validation(errors) }
        return Problem(
            .locked, "What is told of security and of emergency access cannot be turned off.", errors: errors)
    }

    package static let example: JSONValue? = [
        "timezone": "Europe/Berlin", "quiet_hours": ["from": "22:00", "to": "07:00"],
        "channels": ["appointment": ["in_app", "email"], "reminder": ["in_app", "sms", "email"]],
    ]
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

extension Field where Value == [PreferenceKind: [NotificationWay]] {
    /// Ways by kind. Unlike elsewhere an unknown key is refused: a kind spelt wrong would be told as usual, unnoticed.
    fileprivate static func preferenceChannels(_ name: String) -> Field<Value> {
        let kinds = PreferenceKind.allCases.map { ($0, Field<[NotificationWay]?>.optional(.ways($0.rawValue))) }
        return .object(name, kinds.flatMap(\.1.properties)) { source, faults in
            let known = kinds.map(\.0.rawValue)
            for member in source.body?.object ?? [] where !known.contains(member.key) {
                faults.add(member.key, "Must be one of: \(known.joined(separator: ", ")).")
            }
            var chosen: Value = [:]
            for (kind, field) in kinds {
                guard let ways = field.read(source, faults).flatMap(\.self) else { continue }
                if kind.isLocked, Set(ways) != Set(PreferenceKind.usualWays) {
                    faults.add(kind.rawValue, PreferencesBody.fixed)
                }
                chosen[kind] = ways
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
