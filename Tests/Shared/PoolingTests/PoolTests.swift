import Lifecycle
import Pooling
import Testing

/// The shell: that callers get what the machine says, and connections are asked before they are lent.
@Suite struct PoolTests {
    private final class Connection: PoolConnection {
        var poolMember = 0
        var isAlive = true
        var isClosed = false

        func isUsable(careful: Bool) -> Bool { isAlive }
        func close() { isClosed = true }
    }

    /// A pool whose openings wait until the test lets them succeed.
    private final class World {
        var now = MonotonicTime(nanoseconds: 0)
        var openings: [Pool<Connection>.Reply] = []
        var alarms: [(MonotonicTime, () -> Void)] = []
        private(set) lazy var pool = Pool<Connection>(
            PoolLimits(connections: 2, wait: .seconds(2), idle: .seconds(60)),
            world: .init(
                now: { [unowned self] in now }, alarm: { [unowned self] in alarms.append(($0, $1)) },
                open: { [unowned self] in openings.append($0) }))

        func finishOpening(_ connection: Connection) throws {
            let finish = try #require(openings.last)
            openings.removeLast()
            finish(.success(connection))
        }

        func ring() throws {
            let (time, body) = try #require(alarms.first)
            alarms.removeFirst()
            now = time
            body()
        }

        /// Asks, and has one opened for that.
        func open() throws -> Connection {
            let connection = Connection()
            var lent: Connection?
            pool.ask(isNew: true) { lent = try? $0.get() }
            try finishOpening(connection)
            #expect(lent === connection)
            return connection
        }
    }

    @Test func `a connection is lent again, the youngest first`() throws {
        let world = World()
        let connections = [try world.open(), try world.open()]
        for connection in connections { world.pool.giveBack(connection, isReusable: true) }
        #expect(world.pool.take(careful: false) === connections[1])
        #expect(world.pool.isIdle(connections[0]) && !world.pool.isIdle(connections[1]))
        #expect(world.pool.take(careful: false) === connections[0])
        #expect(world.pool.take(careful: false) == nil)
    }

    @Test func `one that is no longer usable is closed, and the next is taken`() throws {
        let world = World()
        let connections = [try world.open(), try world.open()]
        for connection in connections { world.pool.giveBack(connection, isReusable: true) }
        connections[1].isAlive = false
        #expect(world.pool.take(careful: false) === connections[0])
        #expect(connections[1].isClosed)
        #expect(world.pool.count == 1)
    }

    @Test func `a connection that has ended comes back in vain, and does not disturb its successor`() throws {
        let world = World()
        let first = try world.open()
        world.pool.lost(first)
        let second = try world.open()
        #expect(second.poolMember == first.poolMember)
        world.pool.giveBack(first, isReusable: true)
        world.pool.lost(first)
        #expect(world.pool.count == 1 && !second.isClosed)
        #expect(world.pool.take(careful: false) == nil, "the second is still lent")
    }

    @Test func `who has withdrawn is not called back, and what was opened for him is kept`() throws {
        let world = World()
        var calls = 0
        let waiter = world.pool.ask { _ in calls += 1 }
        #expect([world.pool.withdraw(waiter), world.pool.withdraw(waiter)] == [true, false])
        let connection = Connection()
        try world.finishOpening(connection)
        #expect(calls == 0)
        #expect(world.pool.take(careful: false) === connection)
    }

    @Test func `the alarm tells who waited too long, and closes what was not used`() throws {
        let world = World()
        var refusal: PoolRefusal?
        world.pool.ask { if case .failure(let error) = $0 { refusal = error } }
        try world.ring()
        #expect(refusal == .timedOut)
        let connection = Connection()
        try world.finishOpening(connection)
        try world.ring()
        #expect(connection.isClosed && world.pool.count == 0)
    }

    @Test func `a closed pool closes what comes back`() throws {
        let world = World()
        let connections = [try world.open(), try world.open()]
        world.pool.giveBack(connections[0], isReusable: true)
        world.pool.close()
        #expect(connections.map(\.isClosed) == [true, false])
        world.pool.giveBack(connections[1], isReusable: true)
        #expect(connections[1].isClosed)
    }
}
