package import Net
import Settings

/// Where instances of a service are: `http://host:port`; a name stands for all its addresses.
package struct UpstreamURL: Sendable, Equatable {
    package let host: String
    package let port: UInt16
    /// Nil for a name that has to be resolved.
    package let address: SocketAddress?

    package init?(_ text: String) {
        guard let url = SettingURL(text), url.scheme == "http", !url.host.isEmpty, url.path.isEmpty || url.path == "/",
            let port = UInt16(exactly: url.port ?? 80)
        else { return nil }
        host = url.host
        self.port = port
        address = SocketAddress(host: url.host == "localhost" ? "127.0.0.1" : url.host, port: port)
    }

    package var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
