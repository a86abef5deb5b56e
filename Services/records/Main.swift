import API
import Chassis
import Settings

@main
struct RecordsMain {
    static func main() async {
        await ServiceProcess.run(
            .records, migrations: Schema.migrations,
            checking: { (reader) throws(SettingsFaults) in _ = try RecordsSettings(&reader) },
            compose: { try await Composition.service($0) })
    }
}
