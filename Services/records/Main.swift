import API
import Chassis
import Glibc
import Settings

@main
struct RecordsMain {
    static func main() async {
        let words = Array(CommandLine.arguments.dropFirst())
        guard words.isEmpty || StartCommand(words) != nil else { exit(await KeysRotate.run(words)) }
        await ServiceProcess.run(
            .records, migrations: Schema.migrations, wrappedKeys: Schema.wrappedKeys,
            checking: { (reader) throws(SettingsFaults) in _ = try RecordsSettings(&reader) },
            compose: { try await Composition.service($0) })
    }
}
