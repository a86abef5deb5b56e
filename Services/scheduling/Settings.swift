package import Settings

/// The settings of scheduling, beside those of every service.
package struct SchedulingSettings: Sendable {
    /// How long a slot is held.
    package let hold: Duration

    static let holdMinutes = Setting.integer(
        "HOLD_MINUTES", in: 1...15, default: 5, help: "How long a slot is kept for a patient who has not booked it yet."
    )

    package static var declarations: [SettingDeclaration] { holdMinutes.declarations }

    package init(_ reader: inout SettingsReader) throws(SettingsFaults) {
        hold = .seconds(try reader.read(Self.holdMinutes) * 60)
    }

    package init(hold: Duration) { self.hold = hold }
}
