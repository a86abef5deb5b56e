import API
import Chassis

@main
struct SchedulingMain {
    static func main() async {
        await ServiceProcess.run(.scheduling, migrations: Schema.migrations) { Composition.service($0) }
    }
}
