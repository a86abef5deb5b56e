package import Lifecycle

/// The shell around `PoolMachine`: it holds the connections and the callers the machine only knows by number. Used from
/// one event loop alone, like all that is kept per loop.
@safe package final class Pool<Connection>: @unchecked Sendable {
    /// A connection on loan; it must be given back exactly once.
    package struct Loan {
        package let member: Int
        package let connection: Connection
    }

    /// How the pool reaches the world; all are called on the loop.
    package struct World {
        package var open: (_ then: @escaping (Result<Connection, any Error>) -> Void) -> Void
        package var close: (Connection) -> Void
        /// Calls back at the time given; a call too many does no harm.
        package var alarm: (MonotonicTime, @escaping () -> Void) -> Void

        package init(
            open: @escaping (_ then: @escaping (Result<Connection, any Error>) -> Void) -> Void,
            close: @escaping (Connection) -> Void,
            alarm: @escaping (MonotonicTime, @escaping () -> Void) -> Void
        ) {
            self.open = open
            self.close = close
            self.alarm = alarm
        }
    }

    private var machine: PoolMachine
    private let world: World
    private var members: [Int: Connection] = [:]
    private var callers: [Int: (Result<Loan, PoolRefusal>) -> Void] = [:]
    private var alarm: MonotonicTime?

    package init(_ limits: PoolLimits, world: World) {
        machine = PoolMachine(limits)
        self.world = world
    }

    package var counts: (members: Int, idle: Int, waiters: Int) {
        (machine.memberCount, machine.idleCount, machine.waiterCount)
    }

    /// Calls back once, at once if a connection is idle; the number is for `withdraw`.
    @discardableResult
    package func ask(_ answer: @escaping (Result<Loan, PoolRefusal>) -> Void) -> Int {
        let (waiter, actions) = machine.ask(at: .now)
        callers[waiter] = answer
        perform(actions)
        return waiter
    }

    /// Whether the caller was still waiting; it will not be called back then.
    package func withdraw(_ waiter: Int) -> Bool {
        machine.withdraw(waiter: waiter)
        return callers.removeValue(forKey: waiter) != nil
    }

    package func giveBack(_ loan: Loan, isReusable: Bool) {
        perform(machine.returned(loan.member, isReusable: isReusable, at: .now))
    }

    /// An idle connection has broken; one on loan is told of when it is given back.
    package func lost(where isLost: (Connection) -> Bool) {
        for (member, connection) in members where isLost(connection) { perform(machine.lost(member)) }
    }

    package func close() { perform(machine.close()) }

    private func perform(_ actions: [PoolAction]) {
        for action in actions { perform(action) }
        setAlarm()
    }

    private func perform(_ action: PoolAction) {
        switch action {
        case .open(let member):
            world.open { [self] result in opened(member, result) }
        case .close(let member):
            if let connection = members.removeValue(forKey: member) { world.close(connection) }
        case .lend(let member, let waiter):
            guard let connection = members[member] else { return }
            callers.removeValue(forKey: waiter)?(.success(Loan(member: member, connection: connection)))
        case .refuse(let waiter, let refusal):
            callers.removeValue(forKey: waiter)?(.failure(refusal))
        }
    }

    private func opened(_ member: Int, _ result: Result<Connection, any Error>) {
        switch result {
        case .success(let connection):
            members[member] = connection
            perform(machine.opened(member, at: .now))
        case .failure:
            perform(machine.failedToOpen(member, at: .now, random: .random(in: 0..<1)))
        }
    }

    private func setAlarm() {
        guard let next = machine.nextAlarm else { return }
        if let alarm, alarm <= next { return }
        alarm = next
        world.alarm(next) { [weak self] in
            guard let self else { return }
            alarm = nil
            perform(machine.tick(at: .now))
        }
    }
}
