package import Lifecycle

/// What a pool keeps. A connection is its pool's from its opening on, whoever uses it.
package protocol PoolConnection: AnyObject {
    /// Its number in its pool, which alone sets it.
    var poolMember: Int { get set }
    /// Whether nothing has happened to it that keeps the next caller from using it; `careful` asks the system, too.
    func isUsable(careful: Bool) -> Bool
    func close()
}

/// The shell around `PoolMachine`: it holds the connections and the callers the machine only knows by number. Used from
/// one event loop alone, like all that is kept per loop.
@safe package final class Pool<Connection: PoolConnection>: @unchecked Sendable {
    package typealias Reply = (Result<Connection, PoolRefusal>) -> Void

    /// How the pool reaches the world; all are called on the loop.
    package struct World {
        package var now: () -> MonotonicTime
        /// Calls back at the time given; a call too many does no harm.
        package var alarm: (MonotonicTime, @escaping () -> Void) -> Void
        package var open: (_ then: @escaping Reply) -> Void

        package init(
            now: @escaping () -> MonotonicTime, alarm: @escaping (MonotonicTime, @escaping () -> Void) -> Void,
            open: @escaping (_ then: @escaping Reply) -> Void
        ) {
            self.now = now
            self.alarm = alarm
            self.open = open
        }
    }

    private var machine: PoolMachine
    private let world: World
    /// By number. As `Connection` each access would be generic code, which the optimiser does not look into.
    private var members: [AnyObject?] = []
    private var callers: [Int: Reply] = [:]
    private var alarm: MonotonicTime?

    package init(_ limits: PoolLimits, world: World) {
        machine = PoolMachine(limits)
        self.world = world
    }

    /// Connections that are open or being opened.
    package var count: Int { machine.memberCount }
    /// A connection could not be opened a moment ago, so none is tried.
    package var isBlocked: Bool { machine.isBlocked(at: world.now()) }
    /// Openings that failed since the last that did not.
    package var failures: Int { machine.failures }
    package var connections: [Connection] { members.indices.compactMap { self[$0] } }
    package func isIdle(_ connection: Connection) -> Bool { machine.isIdle(connection.poolMember) }

    private subscript(_ member: Int) -> Connection? {
        guard members.indices.contains(member), let connection = members[member] else { return nil }
        return unsafe unsafeDowncast(connection, to: Connection.self)
    }

    // MARK: Callers

    /// A connection that is free now; nil when there is none. It must be given back once, unless it is shared.
    package func take(careful: Bool) -> Connection? {
        while let member = machine.take() {
            guard let connection = self[member] else { return nil }
            if connection.isUsable(careful: careful) { return connection }
            lost(connection)
        }
        return nil
    }

    /// Calls back once, at once if a connection is idle; the number is for `withdraw`. With `isNew` for one that nobody
    /// had before.
    @discardableResult
    package func ask(isNew: Bool = false, _ reply: @escaping Reply) -> Int {
        let (waiter, actions) = machine.ask(isNew: isNew, at: world.now())
        callers[waiter] = reply
        perform(actions)
        return waiter
    }

    /// Whether the caller was still waiting; it will not be called back then.
    @discardableResult
    package func withdraw(_ waiter: Int) -> Bool {
        machine.withdraw(waiter: waiter)
        return callers.removeValue(forKey: waiter) != nil
    }

    package func giveBack(_ connection: Connection, isReusable: Bool) {
        guard self[connection.poolMember] === connection else { return }
        perform(machine.returned(connection.poolMember, isReusable: isReusable, at: world.now()))
    }

    /// The connection has ended, whoever has it.
    package func lost(_ connection: Connection) {
        guard self[connection.poolMember] === connection else { return }
        perform(machine.lost(connection.poolMember, at: world.now()))
    }

    /// The connection is from now on its user's alone, to be closed by that: another may be opened in its stead.
    package func release(_ connection: Connection) {
        let member = connection.poolMember
        guard self[member] === connection else { return }
        members[member] = nil
        connection.poolMember = -1
        perform(machine.lost(member, at: world.now()))
    }

    package func closeIdle() { perform(machine.closeIdle()) }

    package func close() { perform(machine.close()) }

    // MARK: What the machine says

    private func perform(_ actions: [PoolAction]) {
        for action in actions { perform(action) }
        setAlarm()
    }

    private func perform(_ action: PoolAction) {
        switch action {
        case .open(let member): world.open { [self] in opened(member, $0) }
        case .close(let member):
            guard let connection = self[member] else { return }
            members[member] = nil
            connection.close()
        case .lend(let member, let waiter):
            guard let connection = self[member] else { return }
            callers.removeValue(forKey: waiter)?(.success(connection))
        case .refuse(let waiter, let refusal): callers.removeValue(forKey: waiter)?(.failure(refusal))
        }
    }

    private func opened(_ member: Int, _ result: Result<Connection, PoolRefusal>) {
        switch result {
        case .success(let connection):
            connection.poolMember = member
            while members.count <= member { members.append(nil) }
            members[member] = connection
            perform(machine.opened(member, at: world.now()))
        case .failure(let refusal):
            perform(machine.failedToOpen(member, refusal, at: world.now(), random: .random(in: 0..<1)))
        }
    }

    private func setAlarm() {
        guard let next = machine.nextAlarm else { return }
        if let alarm, alarm <= next { return }
        alarm = next
        world.alarm(next) { [weak self] in
            guard let self else { return }
            alarm = nil
            perform(machine.tick(at: world.now()))
        }
    }
}
