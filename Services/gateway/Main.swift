import API
import Chassis

@main
struct GatewayMain {
    static func main() async {
        await ServiceProcess.run(
            .gateway, reading: { GatewaySettings(&$0) },
            compose: { process, settings in try Composition(process, settings).content() })
    }
}
