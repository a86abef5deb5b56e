import API
import Chassis
import Glibc
import Settings

@main
struct IdentityMain {
    static func main() async {
        let words = Array(CommandLine.arguments.dropFirst())
        guard words.isEmpty || StartCommand(words) != nil else { exit(await Command.run(words)) }
        await ServiceProcess.run(
            .identity, migrations: Schema.migrations, wrappedKeys: Schema.wrappedKeys,
            checking: { (reader) throws(SettingsFaults) in _ = try IdentitySettings(&reader) },
            compose: { try await Composition.service($0) })
    }
}
