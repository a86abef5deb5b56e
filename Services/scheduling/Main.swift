import API
import Chassis

@main
struct SchedulingMain {
    static func main() async {
        await Boot.run(.scheduling, migrations: Schema.migrations) { parts in Composition(parts).assembled }
    }
}
