package import Net

/// A server that is asked over and over: where it is, how it is called, and the connections each loop keeps to it.
package final class Upstream: Sendable {
    /// Where an upstream is found.
    package enum Address: Sendable {
        case address(SocketAddress)
        /// Resolved each time a connection is made.
        case name(String, port: UInt16, Resolver)
    }

    /// The `Host` it is asked under.
    package let authority: String
    /// What stands behind a target it is asked for: the version, and `Host`.
    let requestEnd: [UInt8]
    private let connections: [UpstreamConnections]

    init(
        _ address: Address, authority: String, tls: TLSContext?, serverName: String?, group: EventLoopGroup,
        limits: ClientLimits
    ) {
        self.authority = authority
        requestEnd = Array(" HTTP/1.1\r\nHost: \(authority)\r\n".utf8)
        let destination = UpstreamDestination(address: address, tls: tls, serverName: serverName)
        connections = group.loops.map { UpstreamConnections($0, to: destination, limits: limits) }
    }

    func connections(on loop: EventLoop) -> UpstreamConnections { connections[loop.index] }

    /// Ends reads that wait for an answer of which nothing has come, with `ClientFault.abandoned`: this upstream was
    /// found to answer nobody.
    package func abandonReads() {
        for local in connections { local.loop.execute { local.abandonReads() } }
    }

    /// Closes what is kept and not in use.
    func closeIdle() {
        for local in connections { local.loop.execute { local.closeIdle() } }
    }
}
