// The gateway's decisions as pure machines: whose request it is, how often it may ask, which instance gets it and when
// to stop asking one. Each takes an event and a time and gives an action; sockets, Redis and clocks are elsewhere.

package import Kernel

/// Whose address a request counts under: the socket's, unless that is a trusted proxy; then the rightmost address of
/// `X-Forwarded-For`, or of `Forwarded` (RFC 7239), that no trusted proxy owns. What stands left of it was written by
/// the client and proves nothing.
package struct ClientAddress: Sendable {
    private let trusted: [NetworkBlock]

    package init(trusted: [NetworkBlock]) { self.trusted = trusted }

    package func isTrusted(_ address: NetworkAddress) -> Bool { trusted.contains { $0.contains(address) } }

    /// - Parameters:
    ///   - forwardedFor: the values of all `X-Forwarded-For` fields in order; they are believed where there are some.
    ///   - forwarded: the values of all `Forwarded` fields in order.
    package func resolve(
        peer: NetworkAddress, forwardedFor: [String], forwarded: [String] = []
    ) -> NetworkAddress {
        guard !trusted.isEmpty, isTrusted(peer) else { return peer }
        var nearest = peer
        let hops = forwardedFor.isEmpty ? ForwardedField.clients(forwarded) : ForwardedField.hops(forwardedFor)
        for hop in hops.reversed().prefix(32) {
            guard let address = NetworkAddress(hop: hop) else { return nearest }
            nearest = address
            if !isTrusted(address) { return address }
        }
        return nearest
    }
}
