import API
import Chassis
import Settings

@main
struct SchedulingMain {
    static func main() async {
        await ServiceProcess.run(
            .scheduling, migrations: Schema.migrations, wrappedKeys: Schema.wrappedKeys,
            checking: { (reader) throws(SettingsFaults) in _ = try SchedulingSettings(&reader) },
            compose: { try await Composition.service($0) })
    }
}
