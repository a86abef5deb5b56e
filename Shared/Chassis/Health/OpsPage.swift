import HTTP
import JSON
package import Net
import Observability

/// `/livez`, `/readyz`, `/healthz` and `/metrics`, on a port of their own that no proxy leads to.
struct OpsPage: Sendable {
    let health: Health
    let metrics: Metrics

    func server(_ process: ServiceProcess) throws -> HTTPServer {
        var limits = HTTPLimits()
        // Someone may ask to the very end; nothing of it is worth waiting for.
        limits.drain = .milliseconds(200)
        limits.connections.onRefusal = { [refused = process.refused] in refused.note($0) }
        return HTTPServer(
            try ListenAddress.read(process.settings.bind, process.settings.opsPort), group: process.group, name: "ops",
            limits: limits, handler: { await answer($0) })
    }

    func answer(_ request: Request) async -> Response {
        guard request.method.isSafe else { return Self.text(Status(405), "method not allowed\n") }
        switch request.path {
        case "/livez": return Self.text(.ok, "ok\n")
        case "/readyz", "/healthz": return Self.words(of: await health.look(), verbose: Self.isVerbose(request))
        case "/metrics": return Self.text(.ok, Exposition.text(of: metrics), type: Exposition.contentType)
        default: return Self.text(.notFound, "not found\n")
        }
    }

    private static func isVerbose(_ request: Request) -> Bool {
        ((try? request.query()) ?? []).contains { $0.name == "verbose" }
    }

    /// A degraded process still takes work: 200.
    private static func words(of report: Health.Report, verbose: Bool) -> Response {
        var json = JSONWriter()
        json.object {
            $0.field("status", report.status.rawValue)
            guard verbose else { return }
            $0.object("checks") {
                for line in report.lines {
                    $0.key(line.name)
                    $0.string(line.isWell ? "ok" : line.reason.map { "failed: \($0)" } ?? "failed")
                }
            }
        }
        var headers: Headers = ["Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store"]
        if report.status == .notReady { headers.add("Retry-After", "1") }
        return Response(report.status == .notReady ? .unavailable : .ok, headers: headers, body: .bytes(json.bytes))
    }

    private static func text(_ status: Status, _ text: String, type: String = "text/plain; charset=utf-8") -> Response {
        Response(status, headers: ["Content-Type": type, "Cache-Control": "no-store"], body: .bytes(Array(text.utf8)))
    }
}

/// A setting's address and port to listen on.
package enum ListenAddress {
    package static func read(_ host: String, _ port: Int) throws -> SocketAddress {
        guard let port = UInt16(exactly: port), let address = SocketAddress(host: host, port: port) else {
            throw StartFault("BIND_ADDRESS is no address to listen at")
        }
        return address
    }
}
