import Lifecycle
import Pooling
import Testing

struct PoolMachineTests {
    private func time(_ seconds: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: seconds * 1_000_000_000) }
    private func machine(_ connections: Int = 2, waiters: Int = 8) -> PoolMachine {
        PoolMachine(
            PoolLimits(
                connections: connections, waiters: waiters, wait: .seconds(2), idle: .seconds(60),
                backoff: Backoff(base: .seconds(1), cap: .seconds(8))))
    }

    @Test func `the first who asks has one opened, the second after him gets it back`() {
        var pool = machine(1)
        let first = pool.ask(at: time(0))
        guard case .open(let member)? = first.actions.first else { return #expect(Bool(false), "nothing was opened") }
        let second = pool.ask(at: time(0))
        #expect(second.actions == [])
        #expect(pool.opened(member, at: time(0)) == [.lend(member: member, waiter: first.waiter)])
        #expect(pool.returned(member, isReusable: true, at: time(1)) == [.lend(member: member, waiter: second.waiter)])
        #expect(pool.returned(member, isReusable: true, at: time(1)) == [])
        #expect(pool.idleCount == 1)
        #expect(pool.returned(member, isReusable: true, at: time(1)) == [], "given back twice")
        #expect(pool.idleCount == 1)
    }

    @Test func `no more are opened than allowed and no more wait than allowed`() {
        var pool = machine(2, waiters: 3)
        let asked = (0..<4).map { _ in pool.ask(at: time(0)) }
        #expect(asked.flatMap(\.actions).filter { if case .open = $0 { true } else { false } }.count == 2)
        #expect(asked[3].actions == [.refuse(waiter: asked[3].waiter, .busy)])
        #expect(pool.memberCount == 2)
    }

    @Test func `who waits too long is refused, who withdraws is forgotten`() {
        var pool = machine(1)
        let first = pool.ask(at: time(0))
        let second = pool.ask(at: time(1))
        pool.withdraw(waiter: first.waiter)
        #expect(pool.nextAlarm == time(3))
        #expect(pool.tick(at: time(2)) == [])
        #expect(pool.tick(at: time(3)) == [.refuse(waiter: second.waiter, .timedOut)])
        #expect(pool.nextAlarm == nil)
    }

    @Test func `a connection that cannot be opened refuses all and then pauses`() {
        var pool = machine(1)
        let first = pool.ask(at: time(0))
        guard case .open(let member)? = first.actions.first else { return #expect(Bool(false), "nothing was opened") }
        #expect(pool.failedToOpen(member, at: time(0), random: 1) == [.refuse(waiter: first.waiter, .unreachable)])
        let during = pool.ask(at: time(0))
        #expect(during.actions == [.refuse(waiter: during.waiter, .unreachable)])
        let after = pool.ask(at: time(2))
        guard case .open? = after.actions.first else { return #expect(Bool(false), "nothing was opened") }
    }

    @Test func `a broken one is replaced for those who wait`() {
        var pool = machine(1)
        let first = pool.ask(at: time(0))
        guard case .open(let member)? = first.actions.first else { return #expect(Bool(false), "nothing was opened") }
        _ = pool.opened(member, at: time(0))
        _ = pool.ask(at: time(0))
        let actions = pool.returned(member, isReusable: false, at: time(1))
        #expect(actions.first == .close(member: member))
        #expect(actions.count == 2)
    }

    @Test func `idle ones are closed when their time is over, the youngest is lent first`() {
        var pool = machine(2)
        let members = [pool.ask(at: time(0)), pool.ask(at: time(0))].compactMap { asked in
            if case .open(let member)? = asked.actions.first { member } else { nil }
        }
        for member in members { _ = pool.opened(member, at: time(0)) }
        _ = pool.returned(members[0], isReusable: true, at: time(1))
        _ = pool.returned(members[1], isReusable: true, at: time(5))
        let asked = pool.ask(at: time(6))
        #expect(asked.actions == [.lend(member: members[1], waiter: asked.waiter)])
        #expect(pool.tick(at: time(60)) == [])
        #expect(pool.tick(at: time(61)) == [.close(member: members[0])])
    }

    @Test func `a closed pool lends nothing and takes back to close`() {
        var pool = machine(1)
        let first = pool.ask(at: time(0))
        guard case .open(let member)? = first.actions.first else { return #expect(Bool(false), "nothing was opened") }
        #expect(pool.close() == [.refuse(waiter: first.waiter, .closed)])
        #expect(pool.opened(member, at: time(1)) == [.close(member: member)])
        let late = pool.ask(at: time(1))
        #expect(late.actions == [.refuse(waiter: late.waiter, .closed)])
    }
}
