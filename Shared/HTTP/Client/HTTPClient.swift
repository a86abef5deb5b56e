package import Lifecycle
package import Net

/// Asks upstreams over HTTP/1.1, each loop by its own kept connections.
package final class HTTPClient: Sendable {
    private let group: EventLoopGroup
    private let limits: ClientLimits
    private let upstreams = Locked<[Upstream]>([])

    package init(group: EventLoopGroup, limits: ClientLimits = ClientLimits()) {
        self.group = group
        self.limits = limits
    }

    /// An upstream to be asked by this client; made once, not per request. With `tls` its certificate must be made out
    /// to `serverName`.
    package func upstream(
        _ address: Upstream.Address, authority: String, tls: TLSContext? = nil, serverName: String? = nil
    ) -> Upstream {
        let upstream = Upstream(
            address, authority: authority, tls: tls, serverName: serverName, group: group, limits: limits)
        upstreams.withLock { $0.append(upstream) }
        return upstream
    }

    /// Sends `request` and returns when the answer's head has come; its body is bounded by the same deadline. When a
    /// kept connection turns out to be dead before anything was received, a repeatable request is sent once more, over
    /// a new connection.
    /// - Parameter begun: a connection over which it was sent already (`Upstream.sendAtOnce`); its answer is waited for
    ///   first.
    package func send(
        _ request: OutgoingRequest, to upstream: Upstream, deadline: Deadline, begun: ClientConnection? = nil
    ) async throws(ClientFault) -> IncomingResponse {
        guard let loop = EventLoop.current else { throw .notOnLoop }
        let connections = upstream.connections(on: loop)
        var (isSecond, begun) = (false, begun)
        while true {
            let connection: ClientConnection
            let isBegun = begun != nil
            if let sent = begun.take() {
                connection = sent
            } else if !isSecond, let kept = connections.idle(careful: !request.isRepeatable) {
                connection = kept
            } else {
                connection = try await connections.connection(isNew: isSecond, by: deadline)
            }
            do throws(ClientFault) {
                if isBegun { return try await connection.answer(to: request.method) }
                return try await connection.ask(request, of: upstream, deadline: deadline)
            } catch {
                let wasStale = error == .lost && connection.isReused && connection.hasReceivedNothing
                connection.close()
                guard wasStale, !isSecond, request.isRepeatable else { throw error }
                isSecond = true
            }
        }
    }

    /// Closes what is kept and not in use.
    package func closeIdle() {
        for upstream in upstreams.withLock({ $0 }) { upstream.closeIdle() }
    }
}
