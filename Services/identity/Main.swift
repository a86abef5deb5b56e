import API
import Chassis
import Kernel

@main
struct IdentityMain {
    static func main() async {
        await Boot.run(.identity, migrations: Schema.migrations) { parts in try await Composition(parts).assembled }
    }
}
