internal import Lifecycle
internal import Net

/// The connections one loop keeps to one upstream: the last used is used first, so that the others can go when load does.
final class UpstreamPool: @unchecked Sendable {
    /// What a waiting request is given: a connection, or the right to open one.
    private enum Grant {
        case connection(ClientConnection)
        case place
    }

    private struct Waiter {
        let number: Int
        let timer: TimerID
        let resume: (Result<Grant, ClientFault>) -> Void
    }

    let loop: EventLoop
    let limits: ClientLimits
    private let idleTime: Int64
    private var all: [ClientConnection] = []
    private var idle: [ClientConnection] = []
    /// Those in `all`, and those that are being made.
    private var open = 0
    private var waiters: [Waiter] = []
    private var nextWaiter = 0
    private var isTicking = false

    init(_ loop: EventLoop, limits: ClientLimits) {
        self.loop = loop
        self.limits = limits
        idleTime = limits.idleTime.wholeNanoseconds
    }

    // MARK: Taking

    /// A kept connection for one exchange of its own. `careful` looks twice whether it is still alive.
    func takeIdle(careful: Bool) -> ClientConnection? {
        while let connection = idle.popLast() {
            connection.isIdle = false
            if connection.isUsable(careful: careful) { return connection }
            connection.close()
        }
        return nil
    }

    /// A new connection, or one that somebody gives back while the pool is full.
    func open(_ upstream: Upstream, by deadline: Deadline) async throws(ClientFault) -> ClientConnection {
        if open >= limits.connections {
            if case .connection(let connection) = try await waitForGrant(by: deadline) {
                if connection.isUsable(careful: false) { return connection }
                connection.close()
                return try await open(upstream, by: deadline)
            }
        } else {
            open += 1
        }
        return try await connect(upstream, by: deadline)
    }

    private func connect(_ upstream: Upstream, by deadline: Deadline) async throws(ClientFault) -> ClientConnection {
        let limit = min(deadline, Deadline.after(limits.connectTime))
        do {
            let stream = try await Self.connect(upstream, on: loop, by: limit)
            let connection = ClientConnection(stream, pool: self)
            connection.place = all.count
            all.append(connection)
            return connection
        } catch {
            freePlace()
            if Task.isCancelled { throw .cancelled }
            throw error as? StreamFailure == .timedOut ? .timedOut : .unreachable
        }
    }

    private static func connect(
        _ upstream: Upstream, on loop: EventLoop, by deadline: Deadline
    ) async throws -> ByteStream {
        var failure: any Error = ClientFault.unreachable
        for address in try await addresses(upstream.place) {
            do {
                let stream = try await ByteStream.connect(to: address, on: loop, deadline: deadline)
                if let tls = upstream.tls {
                    try await stream.secure(tls, serverName: upstream.serverName, deadline: deadline)
                }
                return stream
            } catch {
                failure = error
            }
        }
        throw failure
    }

    private static func addresses(_ place: Upstream.Place) async throws -> [SocketAddress] {
        switch place {
        case .address(let address): [address]
        case .name(let host, let port, let resolver): try await resolver.addresses(of: host, port: port)
        }
    }

    // MARK: Waiting

    private func waitForGrant(by deadline: Deadline) async throws(ClientFault) -> Grant {
        guard waiters.count < limits.waiters else { throw .poolIsFull }
        nextWaiter += 1
        let number = nextWaiter
        let limit = min(deadline, Deadline.after(limits.waitTime))
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Result<Grant, ClientFault>, Never>) in
                let timer = loop.at(limit) { [self] in giveUp(number, .timedOut) }
                waiters.append(Waiter(number: number, timer: timer) { continuation.resume(returning: $0) })
                if Task.isCancelled { giveUp(number, .cancelled) }
            }
        } onCancel: {
            loop.execute { [self] in giveUp(number, .cancelled) }
        }
        return try outcome.get()
    }

    private func giveUp(_ number: Int, _ fault: ClientFault) {
        guard let index = waiters.firstIndex(where: { $0.number == number }) else { return }
        let waiter = waiters.remove(at: index)
        loop.cancel(waiter.timer)
        waiter.resume(.failure(fault))
    }

    /// Whether somebody waited for it.
    private func grant(_ grant: Grant) -> Bool {
        guard !waiters.isEmpty else { return false }
        let waiter = waiters.removeFirst()
        loop.cancel(waiter.timer)
        waiter.resume(.success(grant))
        return true
    }

    // MARK: Giving back

    func giveBack(_ connection: ClientConnection) {
        if grant(.connection(connection)) { return }
        guard idle.count < limits.idle else { return connection.close() }
        connection.isIdle = true
        connection.listenForEnd()
        idle.append(connection)
        tickLater()
    }

    func closed(_ connection: ClientConnection) {
        idle.removeAll { $0 === connection }
        if let last = all.popLast(), last !== connection {
            all[connection.place] = last
            last.place = connection.place
        }
        freePlace()
    }

    private func freePlace() {
        if !grant(.place) { open -= 1 }
    }

    func closeIdle() {
        for connection in idle { connection.close() }
    }

    // MARK: Time

    func tickLater() {
        guard !isTicking, !all.isEmpty else { return }
        isTicking = true
        loop.after(limits.tick) { [self] in
            isTicking = false
            let now = loop.now.nanoseconds
            for connection in all where connection.deadline <= now { connection.stream.close(.timedOut) }
            for connection in idle where now &- connection.idleSince > idleTime { connection.close() }
            tickLater()
        }
    }
}
