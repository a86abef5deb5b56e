import API
import Chassis

@main
struct RecordsMain {
    static func main() async {
        await Boot.run(.records, migrations: Schema.migrations) { parts in Composition(parts).assembled }
    }
}
