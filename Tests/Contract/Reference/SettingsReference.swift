import API
import Chassis
import Gateway
import Identity
import Notifier
import Records
import Scheduling
import Settings

/// docs/reference/settings.md: every setting that a process reads, by the process that reads it.
enum SettingsReference {
    static let sections: [(title: String, settings: [SettingDeclaration])] = [
        ("gateway", CommonSettings.declarations(of: .gateway) + GatewaySettings.declarations),
        ("identity", stored(.identity) + IdentitySettings.declarations),
        ("registry", stored(.registry)),
        ("scheduling", stored(.scheduling) + SchedulingSettings.declarations),
        ("records", stored(.records) + RecordsSettings.declarations),
        ("notifier", stored(.notifier) + NotifierSettings.declarations),
    ]

    private static func stored(_ name: ServiceName) -> [SettingDeclaration] {
        CommonSettings.declarations(of: name) + StoreSettings.declarations(of: name.rawValue)
    }

    static var all: [SettingDeclaration] { sections.flatMap(\.settings) }

    static var text: String {
        var text = """
            # Settings

            What each process reads at its start, from the environment, `.env`, `NAME_FILE` (a file that holds the value) or a systemd credential.
            All faults are told at once, and the process ends with 78. `.env.example` lists the same for copying. Written by `make docs`.

            """
        for section in sections { text += "\n## \(section.title)\n\n\(SettingsPage.markdown(section.settings))" }
        return text + others
    }

    /// What `.env.example` lists besides: read by the launcher and the operator's command line, or not yet by anybody.
    private static var others: String {
        let known = Set(all.flatMap { [$0.name] + $0.aliases })
        var text = "\n## make and praxis\n\n| Setting | Default | What it does |\n| --- | --- | --- |\n"
        for setting in ExampleFile.settings where !known.contains(setting.name) {
            text += "| `\(setting.name)` | \(setting.value.isEmpty ? "–" : "`\(setting.value)`") | \(setting.help) |\n"
        }
        return text
    }
}
