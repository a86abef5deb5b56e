import Settings

/// Where instances of a service are: `http://host:port`, several separated by commas, each name standing for all its
/// addresses.
package struct UpstreamURL: Sendable, Equatable {
    package let host: String
    package let port: UInt16
    package let isSecure: Bool

    package init?(_ text: String) {
        guard let url = SettingURL(text), url.scheme == "http" || url.scheme == "https", !url.host.isEmpty,
            url.path.isEmpty || url.path == "/"
        else { return nil }
        isSecure = url.scheme == "https"
        guard let port = UInt16(exactly: url.port ?? (isSecure ? 443 : 80)) else { return nil }
        (self.host, self.port) = (url.host, port)
    }

    package var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
