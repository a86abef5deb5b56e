import API
import Chassis
import Settings

@main
struct NotifierMain {
    static func main() async {
        await Boot.run(
            .notifier, migrations: Schema.migrations,
            checking: { (reader) throws(SettingsFaults) in _ = try NotifierSettings(&reader) },
            compose: { parts in try Composition(parts).assembled })
    }
}
