import API
import Chassis
import Settings

@main
struct NotifierMain {
    static func main() async {
        await ServiceProcess.run(
            .notifier, migrations: Schema.migrations, wrappedKeys: Schema.wrappedKeys,
            checking: { (reader) throws(SettingsFaults) in _ = try NotifierSettings(&reader) },
            compose: { try Composition.service($0) })
    }
}
