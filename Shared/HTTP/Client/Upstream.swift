package import Net

/// A server that is asked over and over: where it is, how it is called, and the connections each loop keeps to it.
package final class Upstream: Sendable {
    /// Where an upstream is found.
    package enum Place: Sendable {
        case address(SocketAddress)
        /// Resolved each time a connection is made.
        case name(String, port: UInt16, Resolver)
    }

    package let place: Place
    /// The `Host` it is asked under.
    package let authority: String
    /// What stands behind a target it is asked for: the version, and `Host`.
    let requestEnd: [UInt8]
    let tls: TLSContext?
    /// What its certificate must be made out to.
    let serverName: String?
    private let pools: [UpstreamPool]

    init(
        _ place: Place, authority: String, tls: TLSContext?, serverName: String?, group: EventLoopGroup,
        limits: ClientLimits
    ) {
        self.place = place
        self.authority = authority
        requestEnd = Array(" HTTP/1.1\r\nHost: \(authority)\r\n".utf8)
        self.tls = tls
        self.serverName = serverName
        pools = group.loops.map { UpstreamPool($0, limits: limits) }
    }

    func pool(_ loop: EventLoop) -> UpstreamPool { pools[loop.index] }

    func each(_ body: @escaping @Sendable (UpstreamPool) -> Void) {
        for pool in pools { pool.loop.execute { body(pool) } }
    }
}
