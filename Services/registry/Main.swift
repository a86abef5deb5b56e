import API
import Chassis

@main
struct RegistryMain {
    static func main() async {
        await Boot.run(.registry, migrations: Schema.migrations) { parts in try await Composition(parts).assembled }
    }
}
