import API
import Chassis

@main
struct NotifierMain {
    static func main() async {
        await Boot.run(.notifier, migrations: Schema.migrations) { parts in try Composition(parts).assembled }
    }
}
