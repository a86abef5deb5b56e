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
        let asked = (0..<6).map { _ in pool.ask(at: time(0)) }
        #expect(asked.flatMap(\.actions).filter { if case .open = $0 { true } else { false } }.count == 2)
        #expect(asked[4].actions == [])
        #expect(asked[5].actions == [.refuse(waiter: asked[5].waiter, .busy)])
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

    @Test func `what has ended is no member any more, and its number is used again`() {
        var pool = machine(1)
        let first = pool.ask(at: time(0))
        guard case .open(let member)? = first.actions.first else { return #expect(Bool(false), "nothing was opened") }
        _ = pool.opened(member, at: time(0))
        let second = pool.ask(at: time(0))
        #expect(pool.lost(member, at: time(1)) == [.close(member: member), .open(member: member)])
        #expect(pool.returned(member, isReusable: true, at: time(1)) == [], "its borrower comes too late")
        #expect(pool.opened(member, at: time(1)) == [.lend(member: member, waiter: second.waiter)])
    }

    @Test func `who asks for a new one is lent no idle one, unless no more may be opened`() {
        var pool = machine(2)
        let first = pool.ask(at: time(0))
        guard case .open(let member)? = first.actions.first else { return #expect(Bool(false), "nothing was opened") }
        _ = pool.opened(member, at: time(0))
        _ = pool.returned(member, isReusable: true, at: time(0))
        guard case .open(let other)? = pool.ask(isNew: true, at: time(0)).actions.first else {
            return #expect(Bool(false), "nothing was opened")
        }
        #expect(other != member)
        let third = pool.ask(isNew: true, at: time(0))
        #expect(third.actions == [.lend(member: member, waiter: third.waiter)])
    }

    // MARK: One opening for each caller

    private func forEachCaller(_ connections: Int = 3) -> PoolMachine {
        PoolMachine(
            PoolLimits(connections: connections, waiters: 8, wait: .seconds(2), backoff: nil, refused: .one))
    }

    @Test func `a failed opening refuses the caller it was for, and the next may try at once`() {
        var pool = forEachCaller()
        let asked = (0..<2).map { _ in pool.ask(at: time(0)) }
        let members = asked.compactMap { if case .open(let member)? = $0.actions.first { member } else { nil } }
        #expect(members.count == 2)
        #expect(
            pool.failedToOpen(members[0], .timedOut, at: time(0), random: 1)
                == [.refuse(waiter: asked[0].waiter, .timedOut)])
        guard case .open? = pool.ask(at: time(0)).actions.first else {
            return #expect(Bool(false), "it waits for no pause")
        }
        #expect(pool.opened(members[1], at: time(0)) == [.lend(member: members[1], waiter: asked[1].waiter)])
    }

    @Test func `an opening whose caller has withdrawn fails for nobody`() {
        var pool = forEachCaller()
        let asked = (0..<2).map { _ in pool.ask(at: time(0)) }
        let members = asked.compactMap { if case .open(let member)? = $0.actions.first { member } else { nil } }
        pool.withdraw(waiter: asked[0].waiter)
        #expect(pool.failedToOpen(members[0], at: time(0), random: 1) == [])
        #expect(pool.opened(members[1], at: time(0)) == [.lend(member: members[1], waiter: asked[1].waiter)])
    }

    @Test func `a failed opening makes room for the next who waits`() {
        var pool = forEachCaller(1)
        let asked = (0..<2).map { _ in pool.ask(at: time(0)) }
        guard case .open(let member)? = asked[0].actions.first else {
            return #expect(Bool(false), "nothing was opened")
        }
        #expect(
            pool.failedToOpen(member, at: time(0), random: 1)
                == [.refuse(waiter: asked[0].waiter, .unreachable), .open(member: member)])
    }

    // MARK: A shared connection

    @Test func `a shared connection is lent to all who waited and to all who come`() {
        var pool = PoolMachine(.shared(waiters: 1))
        let waiting = (0..<3).map { _ in pool.ask(at: time(0)) }
        #expect(waiting[0].actions == [.open(member: 0)])
        #expect(waiting[1].actions == [])
        #expect(waiting[2].actions == [.refuse(waiter: waiting[2].waiter, .busy)])
        #expect(pool.take() == nil)
        #expect(
            pool.opened(0, at: time(1))
                == [.lend(member: 0, waiter: waiting[0].waiter), .lend(member: 0, waiter: waiting[1].waiter)])
        #expect([pool.take(), pool.take()] == [0, 0])
        let late = pool.ask(at: time(2))
        #expect(late.actions == [.lend(member: 0, waiter: late.waiter)])
        #expect(pool.returned(0, isReusable: true, at: time(2)) == [])
        #expect(pool.nextAlarm == nil, "it neither grows old nor lets anybody wait too long")
        #expect(pool.tick(at: time(1_000_000)) == [])
    }

    @Test func `a shared connection that has ended is opened again for the next who asks`() {
        var pool = PoolMachine(.shared(waiters: 2))
        _ = pool.ask(at: time(0))
        _ = pool.opened(0, at: time(0))
        #expect(pool.lost(0, at: time(1)) == [.close(member: 0)])
        #expect(pool.take() == nil)
        #expect(pool.ask(at: time(1)).actions == [.open(member: 0)])
    }

    @Test func `a shared connection that cannot be opened is not tried again for a while`() {
        var pool = PoolMachine(.shared(waiters: 2, backoff: Backoff(base: .seconds(1), cap: .seconds(8))))
        let asked = (0..<2).map { _ in pool.ask(at: time(0)) }
        #expect(
            pool.failedToOpen(0, at: time(0), random: 1) == asked.map { .refuse(waiter: $0.waiter, .unreachable) })
        #expect([pool.isBlocked(at: time(0)), pool.isBlocked(at: time(2))] == [true, false])
        #expect(pool.failures == 1)
        let early = pool.ask(at: time(0))
        #expect(early.actions == [.refuse(waiter: early.waiter, .unreachable)])
        #expect(pool.ask(at: time(2)).actions == [.open(member: 0)])
    }

    // MARK: Every member with every event

    private enum Member: CaseIterable { case none, opening, idle, lent }
    private enum Event: CaseIterable { case opened, failed, returned, discarded, lost }

    /// A pool whose member 0 is so, while nobody waits.
    private func pool(_ member: Member, isClosed: Bool) -> PoolMachine {
        var pool = machine(1)
        let asked = pool.ask(at: time(0))
        switch member {
        case .none: _ = pool.failedToOpen(0, at: time(0), random: 0)
        case .opening: pool.withdraw(waiter: asked.waiter)
        case .lent: _ = pool.opened(0, at: time(0))
        case .idle:
            _ = pool.opened(0, at: time(0))
            _ = pool.returned(0, isReusable: true, at: time(0))
        }
        if isClosed { _ = pool.close() }
        return pool
    }

    @Test(arguments: [false, true])
    func `every member meets every event`(_ isClosed: Bool) {
        for member in Member.allCases {
            for event in Event.allCases {
                var pool = pool(member, isClosed: isClosed)
                let actions =
                    switch event {
                    case .opened: pool.opened(0, at: time(1))
                    case .failed: pool.failedToOpen(0, at: time(1), random: 0)
                    case .returned: pool.returned(0, isReusable: true, at: time(1))
                    case .discarded: pool.returned(0, isReusable: false, at: time(1))
                    case .lost: pool.lost(0, at: time(1))
                    }
                // A closed pool has no idle member.
                let isMember = member != .none && !(isClosed && member == .idle)
                let (leaves, closes) =
                    switch (member, event) {
                    case (.opening, .opened), (.lent, .returned): (isClosed, isClosed)
                    case (.opening, .failed): (true, false)
                    case (.lent, .discarded), (.lent, .lost): (true, true)
                    case (.idle, .lost): (isMember, isMember)
                    default: (false, false)
                    }
                #expect(actions == (closes ? [.close(member: 0)] : []), "\(member), \(event)")
                #expect(pool.memberCount == (isMember && !leaves ? 1 : 0), "\(member), \(event)")
            }
        }
    }
}
