import API
import Chassis

@main
struct RecordsMain {
    static func main() async {
        await ServiceProcess.run(.records, migrations: Schema.migrations) { Composition.service($0) }
    }
}
