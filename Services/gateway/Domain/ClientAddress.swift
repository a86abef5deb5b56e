/// Whose address a request counts under: the socket's, unless that is a trusted proxy; then the rightmost address of
/// `X-Forwarded-For` that no trusted proxy owns. What stands left of it was written by the client and proves nothing.
package struct ClientAddress: Sendable {
    private let trusted: [NetworkBlock]

    package init(trusted: [NetworkBlock]) { self.trusted = trusted }

    package func isTrusted(_ address: NetworkAddress) -> Bool { trusted.contains { $0.contains(address) } }

    /// - Parameter forwarded: the values of all `X-Forwarded-For` fields in order.
    package func resolve(peer: NetworkAddress, forwarded: [String]) -> NetworkAddress {
        guard !trusted.isEmpty, isTrusted(peer) else { return peer }
        var nearest = peer
        let hops = forwarded.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
        for hop in hops.reversed().prefix(32) {
            let text = hop.drop { $0 == " " || $0 == "\t" }
            guard let address = NetworkAddress(String(text).trimmedEnd) else { return nearest }
            nearest = address
            if !isTrusted(address) { return address }
        }
        return nearest
    }
}

extension String {
    fileprivate var trimmedEnd: Substring {
        var end = self[...]
        while let last = end.last, last == " " || last == "\t" { end.removeLast() }
        return end
    }
}
