import API
import Chassis
import Glibc

@main
struct IdentityMain {
    static func main() async {
        let words = Array(CommandLine.arguments.dropFirst())
        guard words.isEmpty || StartCommand(words) != nil else { exit(await Command.run(words)) }
        await Boot.run(.identity, migrations: Schema.migrations) { parts in try await Composition(parts).assembled }
    }
}
