internal import Kernel
internal import Lifecycle
internal import Net
internal import Observability
internal import Pooling

/// What one event loop holds of a database: the shared connection for reads and a few for transactions.
@safe final class Lane: @unchecked Sendable {
    typealias Loan = Pool<Link>.Loan

    let loop: EventLoop
    let settings: DatabaseSettings
    private let openers: BlockingPool
    private let cancellers: BlockingPool
    private(set) lazy var reads = ReadPipe(backoff: settings.transactions.backoff) { [unowned self] then in
        open(for: .reads, then)
    }
    private(set) lazy var pool = Pool<Link>(settings.transactions, world: world)

    init(loop: EventLoop, settings: DatabaseSettings, openers: BlockingPool, cancellers: BlockingPool) {
        self.loop = loop
        self.settings = settings
        self.openers = openers
        self.cancellers = cancellers
    }

    private var world: Pool<Link>.World {
        Pool<Link>.World(
            open: { [unowned self] then in
                open(for: .transactions) { [unowned self] link in
                    guard let link else { return then(.failure(DatabaseUnavailable(.unreachable))) }
                    link.onBroken = { [weak self, weak link] in self?.pool.lost { $0 === link } }
                    then(.success(link))
                }
            },
            close: { $0.close() },
            alarm: { [loop] time, body in loop.at(Deadline(time), body) })
    }

    /// Connects on a blocking thread, then comes back to the loop.
    private func open(for use: ConnectionRecipe.Use, _ then: @escaping (Link?) -> Void) {
        let recipe = ConnectionRecipe(settings, for: use)
        let answer = OnLoop(then)
        loop.spawn("postgres connect") { [self] in
            let connection = try? await openers.run { try ServerConnection.open(recipe) }
            let link = connection.flatMap { Link($0, on: loop) }
            if link == nil { log.warning("the database cannot be reached", ["schema": settings.schema]) }
            answer.value(link)
        }
    }

    /// Borrows a live connection; one that has died in the meantime is left and the next is asked for.
    func borrow(_ asked: PendingReply<Session>, _ use: @escaping (Loan) -> Session) {
        let waiter = pool.ask { [self] answer in
            switch answer {
            case .success(let loan):
                loan.connection.look()
                if loan.connection.isBroken {
                    pool.giveBack(loan, isReusable: false)
                    if asked.isAwaited { borrow(asked, use) }
                    return
                }
                let session = use(loan)
                if !asked.answer(.success(session)) { session.end() }
            case .failure(let refusal):
                asked.answer(.failure(DatabaseUnavailable(refusal: refusal)))
            }
        }
        if asked.isAwaited { asked.onGivingUp = { [self] in _ = pool.withdraw(waiter) } }
    }

    /// Stops what the connection runs and closes it: a statement nobody waits for must not hold locks.
    func discard(_ loan: Loan) {
        let link = loan.connection
        guard let canceller = link.canceller else { return pool.giveBack(loan, isReusable: false) }
        let ours = OnLoop(loan)
        loop.spawn("postgres cancel") { [self] in
            // A request that overtakes its statement finds nothing to stop, so it is repeated until the answers are in.
            for _ in 0..<3 where !link.isIdle && !link.isBroken {
                try? await cancellers.run { canceller.cancel() }
                try? await loop.sleep(.milliseconds(50))
            }
            pool.giveBack(ours.value, isReusable: false)
        }
    }

    /// Back into the pool once all answers are in and no transaction is open; otherwise closed.
    func giveBack(_ loan: Loan) {
        let link = loan.connection
        link.whenSettled { [self] in pool.giveBack(loan, isReusable: !link.isBroken && link.isReusable) }
    }

    func close() {
        reads.close()
        pool.close()
    }
}

/// Carries what belongs to one loop through a task that ends up on that loop again.
struct OnLoop<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
