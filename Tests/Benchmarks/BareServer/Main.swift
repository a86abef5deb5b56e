import HTTP
import Lifecycle
import Net

/// The HTTP server with nothing behind it: one loop, one fixed answer of 156 bytes. What `make bench` holds against
/// nginx' `return 200`. `BareServer <port>`.
@main
struct BareServer {
    static func main() async throws {
        let port = CommandLine.arguments.dropFirst().first.flatMap { UInt16($0) } ?? 0
        let shutdown = Shutdown()
        Signals.request(shutdown)
        let group = EventLoopGroup(count: 1)
        guard let address = SocketAddress(host: "127.0.0.1", port: port) else { return }
        let body = Array(#"{"success":true,"message":"ok","data":"\#(String(repeating: "x", count: 115))"}"#.utf8)
        let server = HTTPServer(address, group: group) { _ in
            Response(.ok, headers: ["Content-Type": "application/json"], body: .bytes(body))
        }
        try await group.run { try await Services([server], grace: .seconds(1), shutdown: shutdown).run() }
        group.shutDown()
    }
}
