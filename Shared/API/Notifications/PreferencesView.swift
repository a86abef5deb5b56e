import Forms
package import JSON
package import Kernel

/// How an account is told. What is shown can be written back as it is.
package struct PreferencesView: View {
    package let preferences: NotificationPreferences

    package init(_ preferences: NotificationPreferences) { self.preferences = preferences }

    package static let shape = Shape<PreferencesView>(
        "NotificationPreferences", .text("timezone") { $0.preferences.timezone },
        ViewField("quiet_hours", .quietHours) { $1.value($0.quietHours) },
        ViewField("channels", .channels) { $1.value($0.channels) })

    private var quietHours: JSONValue {
        preferences.quietHours.map { ["from": .string($0.fromText), "to": .string($0.toText)] } ?? .null
    }

    private var channels: JSONValue {
        .object(
            PreferenceKind.allCases.map { kind in
                let ways = preferences.ways(of: kind).map { JSONValue.string($0.rawValue) }
                return JSONMember(key: kind.rawValue, value: .array(ways))
            })
    }

    /// What a merge patch is laid over.
    package var json: JSONValue {
        ["timezone": .string(preferences.timezone), "quiet_hours": quietHours, "channels": channels]
    }
}

extension Schema {
    fileprivate static let quietHours = Schema.object([
        Property("from", .string, isRequired: true), Property("to", .string, isRequired: true),
    ]).nullable

    fileprivate static let channels = Schema.object(
        PreferenceKind.allCases.map { Property($0.rawValue, .notificationWays, isRequired: true) })
}
