import GatewayDomain
import HTTP
import Kernel

/// Where a request comes from, read from its fields where they lie: the same on the fast path and in a task.
struct RequestSource: Sendable, Equatable {
    let client: NetworkAddress
    let isSecure: Bool
    /// The host as the client called it; empty without one.
    let host: Slice
    /// The page's origin, where a browser names one.
    let pageOrigin: String?

    init(client: NetworkAddress, isSecure: Bool, host: Slice, pageOrigin: String?) {
        self.client = client
        self.isSecure = isSecure
        self.host = host
        self.pageOrigin = pageOrigin
    }

    /// - Parameters:
    ///   - peer: the other end of the connection.
    ///   - isSecure: whether the connection itself is.
    ///   - isProxied: whether the peer is a trusted proxy. Another says nothing that is believed, neither the client's
    ///     address nor host and scheme.
    init(
        _ head: RequestHead, in bytes: Span<UInt8>, from peer: NetworkAddress, isSecure: Bool, isProxied: Bool,
        _ clients: ClientAddress
    ) {
        pageOrigin = head.value("origin", in: bytes)?.text(in: bytes)
        guard isProxied else {
            client = peer
            self.isSecure = isSecure
            host = head.host
            return
        }
        client = clients.resolve(
            peer: peer, forwardedFor: head.fields.values("x-forwarded-for", in: bytes),
            forwarded: head.fields.values("forwarded", in: bytes))
        let scheme = head.value("x-forwarded-proto", in: bytes)?.text(in: bytes)?.lowercased()
        self.isSecure = isSecure || scheme == "https"
        let forwarded = head.value("x-forwarded-host", in: bytes)
        host = forwarded?.text(in: bytes) == nil ? head.host : forwarded ?? head.host
    }

    /// `https://host` as the client called it.
    static func origin(isSecure: Bool, host: String) -> String { (isSecure ? "https://" : "http://") + host }
}
