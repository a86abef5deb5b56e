internal import Lifecycle
package import Net

/// Answers a request. It runs on the request's loop and is cancelled when the client leaves.
package typealias Handler = @Sendable (Request) async -> Response

/// An HTTP/1.1 server on every loop of a group.
package final class HTTPServer: Service {
    package let name: String
    private let wanted: SocketAddress
    private let group: EventLoopGroup
    private let settings: ServerSettings
    private let shards: [ServerShard]
    private let listener = Locked<Listener?>(nil)

    /// `refusal` words what the server itself refuses; its body must be bytes or none. `fastPath` makes what each
    /// connection's plain requests are tried with before the handler is asked.
    package init(
        _ address: SocketAddress, group: EventLoopGroup, name: String = "http", limits: HTTPLimits = HTTPLimits(),
        tls: TLSContext? = nil, refusal: @escaping @Sendable (HTTPFault) -> Response = HTTPServer.plainRefusal,
        fastPath: (@Sendable (FastPathClient) -> any FastPath)? = nil, handler: @escaping Handler
    ) {
        self.name = name
        self.group = group
        wanted = address
        let settings = ServerSettings(
            limits: limits, tls: tls, refusal: refusal, fastPath: fastPath, handler: handler)
        self.settings = settings
        shards = group.loops.map { ServerShard($0, settings: settings) }
    }

    /// Where it listens, once started; the port is known even if 0 was asked for.
    package var address: SocketAddress? { listener.withLock { $0?.address } }

    /// Open connections.
    package var connections: Int { listener.withLock { $0?.connections ?? 0 } }

    package func start() async throws {
        let shards = shards
        let listener = try Listener(wanted, group: group, caps: settings.limits.connections) { stream in
            shards[stream.loop.index].accepted(stream)
        }
        self.listener.withLock { $0 = listener }
    }

    package func run() async throws {
        await Shutdown.current.wait()
        await stop()
    }

    /// Accepts no more, lets open requests be answered within the drain time, then cuts the rest.
    package func stop() async {
        await listener.withLock { $0 }?.close()
        each { $0.drain() }
        let deadline = Deadline.after(settings.limits.drain)
        while connections > 0, !deadline.isPast() {
            // A cancelled task cannot sleep: whoever cancelled us waits no longer.
            guard (try? await group.loops[0].sleep(.milliseconds(5))) != nil else { break }
        }
        each { $0.abort() }
    }

    private func each(_ body: @escaping @Sendable (ServerShard) -> Void) {
        for (loop, shard) in zip(group.loops, shards) { loop.execute { body(shard) } }
    }

    /// The status with no words.
    package static let plainRefusal: @Sendable (HTTPFault) -> Response = { Response($0.status) }
}

/// What all connections of a server share, with its times in nanoseconds: they are compared at every request.
final class ServerSettings: Sendable {
    let limits: HTTPLimits
    let tls: TLSContext?
    let refusal: @Sendable (HTTPFault) -> Response
    let fastPath: (@Sendable (FastPathClient) -> any FastPath)?
    let handler: Handler
    let connection: ConnectionLimits
    let bodyTime: Int64
    let requestTime: Int64

    init(
        limits: HTTPLimits, tls: TLSContext?, refusal: @escaping @Sendable (HTTPFault) -> Response,
        fastPath: (@Sendable (FastPathClient) -> any FastPath)?, handler: @escaping Handler
    ) {
        self.limits = limits
        self.tls = tls
        self.refusal = refusal
        self.fastPath = fastPath
        self.handler = handler
        connection = ConnectionLimits(limits)
        bodyTime = limits.bodyTime.wholeNanoseconds
        requestTime = limits.requestTime.wholeNanoseconds
    }
}
