import API
import Chassis

@main
struct GatewayMain {
    static func main() async {
        await Frame.run(
            .gateway, reading: { GatewaySettings(&$0) },
            compose: { frame, settings in try Composition(frame, settings).content() })
    }
}
