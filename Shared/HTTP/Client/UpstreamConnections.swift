internal import Lifecycle
internal import Net
internal import Pooling

/// The connections one loop keeps to one upstream.
final class UpstreamConnections: @unchecked Sendable {
    let loop: EventLoop
    let limits: ClientLimits
    private let destination: UpstreamDestination
    private(set) lazy var pool = Pool<ClientConnection>(
        PoolLimits(
            connections: limits.connections, waiters: limits.waiters, wait: limits.waitTime, idle: limits.idleTime,
            backoff: nil, refused: .one),
        world: .init(
            now: { [loop] in loop.now }, alarm: { [loop] time, body in loop.at(Deadline(time), body) },
            open: { [unowned self] then in open(then) }))
    /// Connections that left the pool and whose exchange still has a deadline.
    private var released: [ObjectIdentifier: ClientConnection] = [:]
    private var isTicking = false

    init(_ loop: EventLoop, to destination: UpstreamDestination, limits: ClientLimits) {
        self.loop = loop
        self.destination = destination
        self.limits = limits
    }

    /// A connection for one exchange, once there is one; with `isNew` one that served nobody before, as long as another
    /// may be opened.
    func connection(isNew: Bool, by deadline: Deadline) async throws(ClientFault) -> ClientConnection {
        while true {
            let connection = try await wait(isNew: isNew, by: deadline)
            if connection.isUsable(careful: false) { return connection }
            pool.giveBack(connection, isReusable: false)
        }
    }

    /// A kept connection for one exchange; `careful` asks the system whether it is still alive.
    func idle(careful: Bool) -> ClientConnection? { pool.take(careful: careful) }

    func closeIdle() { pool.closeIdle() }

    func abandonReads() {
        for connection in pool.connections + released.values { connection.abandonRead() }
    }

    /// An exchange that may take long keeps no connection from others: its own leaves the pool, and ends with it.
    func release(_ connection: ClientConnection) {
        pool.release(connection)
        released[ObjectIdentifier(connection)] = connection.deadline == .max ? nil : connection
    }

    func ended(_ connection: ClientConnection) {
        released[ObjectIdentifier(connection)] = nil
        pool.lost(connection)
    }

    private func wait(isNew: Bool, by deadline: Deadline) async throws(ClientFault) -> ClientConnection {
        do {
            return try await PendingReply.wait(on: loop, until: deadline, late: { ClientFault.timedOut }) {
                [self] reply in
                let waiter = pool.ask(isNew: isNew) { result in
                    reply.answer(result.mapError { ClientFault($0) })
                }
                if reply.isAwaited { reply.onGivingUp = { [self] in pool.withdraw(waiter) } }
            }
        } catch {
            throw error as? ClientFault ?? .cancelled
        }
    }

    private func open(_ then: @escaping Pool<ClientConnection>.Reply) {
        let reply = OnLoop(then)
        loop.spawn("connect") { [self] in
            do {
                let stream = try await destination.connect(on: loop, by: .after(limits.connectTime))
                reply.value(.success(ClientConnection(stream, of: self)))
            } catch {
                reply.value(.failure(error as? StreamFailure == .timedOut ? .timedOut : .unreachable))
            }
        }
    }

    /// Ends exchanges whose deadline has passed, as long as there are connections.
    func tickLater() {
        guard !isTicking, pool.count > 0 || !released.isEmpty else { return }
        isTicking = true
        loop.after(limits.tick) { [self] in
            isTicking = false
            let now = loop.now.nanoseconds
            for connection in pool.connections + released.values where connection.deadline <= now {
                connection.stream.close(.timedOut)
            }
            tickLater()
        }
    }
}

extension ClientFault {
    fileprivate init(_ refusal: PoolRefusal) {
        switch refusal {
        case .busy: self = .poolIsFull
        case .timedOut: self = .timedOut
        case .unreachable, .closed: self = .unreachable
        }
    }
}
