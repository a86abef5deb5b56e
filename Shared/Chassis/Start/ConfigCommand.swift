import API
package import Settings

/// `config check` and `config show`: a service's program reads its settings as it would at its start, says what is
/// wrong with them (78) or how they took effect (secrets masked), and ends without touching anything.
package enum ConfigCommand {
    /// What there is to say, and the status to end with.
    package static func report(
        shows: Bool, of environment: Environment, reading: (inout SettingsReader) throws -> Void
    ) -> (text: String, status: Int32) {
        var reader = SettingsReader(environment)
        do {
            try reading(&reader)
            try reader.finish()
        } catch {
            return ((error as? SettingsFaults)?.description ?? "\(error)", SettingsFaults.exitCode)
        }
        var lines = reader.notes.map { "  note: \($0)" }
        if shows { lines = unique(reader.effective.map(\.description)) }
        return (lines.isEmpty ? "the settings are usable" : lines.joined(separator: "\n"), 0)
    }

    /// Ends the process when the words ask for one of the two.
    static func obey(_ words: [String], _ name: ServiceName, reading: (inout SettingsReader) -> Void) {
        let command = StartCommand(words)
        guard command == .configCheck || command == .configShow else { return }
        do {
            let (text, status) = report(shows: command == .configShow, of: try Environment.load()) { reader in
                _ = CommonSettings(name, from: &reader)
                reading(&reader)
            }
            print(text)
            ExitReport.end(status)
        } catch {
            print(error.description)
            ExitReport.end(SettingsFaults.exitCode)
        }
    }

    private static func unique(_ lines: [String]) -> [String] {
        var seen: Set<String> = []
        return lines.filter { seen.insert($0).inserted }
    }
}
