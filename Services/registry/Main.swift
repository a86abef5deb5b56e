import API
import Chassis

@main
struct RegistryMain {
    static func main() async {
        await ServiceProcess.run(
            .registry, migrations: Schema.migrations, wrappedKeys: Schema.wrappedKeys
        ) { try await Composition.service($0) }
    }
}
