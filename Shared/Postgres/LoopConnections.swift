internal import Kernel
internal import Lifecycle
internal import Net
internal import Observability
internal import Pooling

/// What one event loop has of a database: the shared connection for reads and a few for transactions.
@safe final class LoopConnections: @unchecked Sendable {
    let loop: EventLoop
    let settings: DatabaseSettings
    private let openers: BlockingPool
    private let cancellers: BlockingPool
    private let gate: ReconnectGate
    /// Why the last connection was not had; nil since one was.
    private let fault: Locked<ConnectionFault?>
    private(set) lazy var reads = SharedReads(
        pool(.shared(waiters: 4096), for: .reads))
    private lazy var transactions = pool(settings.transactions, for: .transactions)

    init(
        loop: EventLoop, settings: DatabaseSettings, openers: BlockingPool, cancellers: BlockingPool,
        gate: ReconnectGate, fault: Locked<ConnectionFault?>
    ) {
        self.gate = gate
        self.loop = loop
        self.settings = settings
        self.openers = openers
        self.cancellers = cancellers
        self.fault = fault
    }

    private func pool(
        _ limits: PoolLimits, for use: ConnectionParameters.Use
    ) -> Pool<PostgresConnection> {
        var limits = limits
        // How often the server itself is tried is the gate's to say.
        limits.backoff = Backoff(base: .milliseconds(20), cap: .milliseconds(250))
        return Pool(
            limits,
            world: .init(
                now: { .now }, alarm: { [loop] time, body in loop.at(Deadline(time), body) },
                open: { [unowned self] then in open(for: use, then) }))
    }

    /// Connects on a blocking thread, then comes back to the loop.
    private func open(for use: ConnectionParameters.Use, _ then: @escaping Pool<PostgresConnection>.Reply) {
        let parameters = ConnectionParameters(settings, for: use)
        let reply = OnLoop(then)
        guard gate.enter(at: .now) else { return loop.execute { reply.value(.failure(.unreachable)) } }
        loop.spawn("postgres connect") { [self] in
            let opened: PostgresConnection?
            do {
                let raw = try await openers.run { try LibpqConnection.open(parameters) }
                opened = PostgresConnection(raw, on: loop)
                gate.succeeded()
                fault.withLock { $0 = nil }
            } catch {
                gate.failed(at: .now, random: .random(in: 0..<1))
                if let met = error as? ConnectionFault {
                    fault.withLock { $0 = met }
                    met.report(schema: settings.schema)
                }
                opened = nil
            }
            guard let connection = opened else { return reply.value(.failure(.unreachable)) }
            connection.onBroken = { [weak self, weak connection] in
                guard let self, let connection else { return }
                if use == .reads { reads.lost(connection) } else { transactions.lost(connection) }
            }
            reply.value(.success(connection))
        }
    }

    /// Borrows a live connection; one that has died in the meantime is left and the next is asked for.
    func borrow(_ reply: PendingReply<Session>, _ use: @escaping (PostgresConnection) -> Session) {
        if let connection = transactions.take(careful: true) { return begin(use(connection), reply) }
        let waiter = transactions.ask { [self] result in
            switch result {
            case .success(let connection):
                if connection.isUsable(careful: true) { return begin(use(connection), reply) }
                transactions.giveBack(connection, isReusable: false)
                if reply.isAwaited { borrow(reply, use) }
            case .failure(let refusal): reply.answer(.failure(DatabaseUnavailable(refusal: refusal)))
            }
        }
        if reply.isAwaited { reply.onGivingUp = { [self] in transactions.withdraw(waiter) } }
    }

    private func begin(_ session: Session, _ reply: PendingReply<Session>) {
        if !reply.answer(.success(session)) { session.end() }
    }

    /// Stops what the connection runs and closes it: a statement nobody waits for must not hold locks.
    func discard(_ connection: PostgresConnection) {
        guard let canceller = connection.canceller else {
            return transactions.giveBack(connection, isReusable: false)
        }
        loop.spawn("postgres cancel") { [self] in
            // A request that overtakes its statement finds nothing to stop, so it is repeated until the answers are in.
            for _ in 0..<3 where !connection.isIdle && !connection.isBroken {
                try? await cancellers.run { canceller.cancel() }
                try? await loop.sleep(.milliseconds(50))
            }
            transactions.giveBack(connection, isReusable: false)
        }
    }

    /// Back into the pool once all answers are in and no transaction is open; otherwise closed.
    func giveBack(_ connection: PostgresConnection) {
        connection.whenSettled { [self] in
            transactions.giveBack(connection, isReusable: !connection.isBroken && connection.isReusable)
        }
    }

    func close() {
        reads.close()
        transactions.close()
    }
}
