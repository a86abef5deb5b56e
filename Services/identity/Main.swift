import API
import Chassis
import Glibc
import Settings

@main
struct IdentityMain {
    static func main() async {
        let words = Array(CommandLine.arguments.dropFirst())
        guard words.isEmpty || StartCommand(words) != nil else { exit(await Command.run(words)) }
        await Boot.run(
            .identity, migrations: Schema.migrations,
            checking: { (reader) throws(SettingsFaults) in _ = try IdentitySettings(&reader) },
            compose: { parts in try await Composition(parts).assembled })
    }
}
