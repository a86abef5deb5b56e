// Pooling: who may use which of a few connections, and who waits how long for one. A pure machine decides, a thin shell
// acts; how a connection is opened, used and closed is left to Postgres and HTTP.
package import Lifecycle

/// What a pool allows.
package struct PoolLimits: Sendable {
    /// Connections open or being opened at any time.
    package var connections: Int
    /// Callers that may wait; one more is refused at once.
    package var waiters: Int
    /// How long a caller waits before it is refused.
    package var wait: Duration
    /// How long a connection may lie unused before it is closed.
    package var idle: Duration
    /// The pause after a connection could not be opened, during which nobody tries again.
    package var backoff: Backoff

    package init(
        connections: Int, waiters: Int = 256, wait: Duration = .seconds(2), idle: Duration = .seconds(300),
        backoff: Backoff = Backoff(base: .milliseconds(50), cap: .seconds(1))
    ) {
        self.connections = max(connections, 1)
        self.waiters = waiters
        self.wait = wait
        self.idle = idle
        self.backoff = backoff
    }
}

/// Why a caller got no connection.
package enum PoolRefusal: Error, Sendable, Equatable {
    /// Too many wait already.
    case busy
    /// The wait was longer than allowed.
    case timedOut
    /// The other side cannot be reached.
    case unreachable
    /// The pool is closed.
    case closed
}

/// What the shell has to do next; members and waiters are known by their numbers.
package enum PoolAction: Sendable, Equatable {
    case open(member: Int)
    case close(member: Int)
    case lend(member: Int, waiter: Int)
    case refuse(waiter: Int, PoolRefusal)
}

/// The bookkeeping of a pool. It does nothing itself: each method takes what happened and when, and answers what to do.
/// Connections are lent youngest first, so that those too many grow old and are closed; callers are served oldest
/// first.
package struct PoolMachine: Sendable {
    private struct Idle: Sendable {
        let member: Int
        let since: MonotonicTime
    }
    private struct Waiter: Sendable {
        let number: Int
        let deadline: MonotonicTime
    }

    package let limits: PoolLimits
    private var idle: [Idle] = []
    private var opening: Set<Int> = []
    private var lent: Set<Int> = []
    private var waiters: [Waiter] = []
    private var failures = 0
    private var blockedUntil: MonotonicTime?
    private var lastNumber = 0
    private var isClosed = false

    package init(_ limits: PoolLimits) { self.limits = limits }

    package var memberCount: Int { idle.count + opening.count + lent.count }
    package var idleCount: Int { idle.count }
    package var waiterCount: Int { waiters.count }

    /// Someone asks for a connection; the number returned names the asker.
    package mutating func ask(at now: MonotonicTime) -> (waiter: Int, actions: [PoolAction]) {
        let number = nextNumber()
        if isClosed { return (number, [.refuse(waiter: number, .closed)]) }
        if let free = idle.popLast() {
            lent.insert(free.member)
            return (number, [.lend(member: free.member, waiter: number)])
        }
        if memberCount == 0, isBlocked(at: now) { return (number, [.refuse(waiter: number, .unreachable)]) }
        if waiters.count >= limits.waiters { return (number, [.refuse(waiter: number, .busy)]) }
        waiters.append(Waiter(number: number, deadline: now.advanced(by: limits.wait)))
        return (number, grow(at: now))
    }

    /// The asker no longer wants one. Nothing happens if it has been answered.
    package mutating func withdraw(waiter number: Int) {
        waiters.removeAll { $0.number == number }
    }

    package mutating func opened(_ member: Int, at now: MonotonicTime) -> [PoolAction] {
        failures = 0
        blockedUntil = nil
        guard opening.remove(member) != nil else { return [.close(member: member)] }
        return place(member, at: now)
    }

    /// `random` (0..<1) spreads the next try.
    package mutating func failedToOpen(_ member: Int, at now: MonotonicTime, random: Double) -> [PoolAction] {
        opening.remove(member)
        blockedUntil = now.advanced(by: limits.backoff.delay(failures, random: random))
        failures = min(failures + 1, 32)
        // While others are alive, those who wait may still be served by one that comes back.
        if memberCount > 0 { return [] }
        return refuseAll(.unreachable)
    }

    /// A lent connection comes back; one that is not reusable is closed.
    package mutating func returned(_ member: Int, isReusable: Bool, at now: MonotonicTime) -> [PoolAction] {
        guard lent.remove(member) != nil else { return [] }
        guard isReusable else { return [.close(member: member)] + grow(at: now) }
        return place(member, at: now)
    }

    /// An idle connection turned out to be broken.
    package mutating func lost(_ member: Int) -> [PoolAction] {
        guard let index = idle.firstIndex(where: { $0.member == member }) else { return [] }
        idle.remove(at: index)
        return [.close(member: member)]
    }

    /// When `tick` should be called next.
    package var nextAlarm: MonotonicTime? {
        let expiry = idle.first?.since.advanced(by: limits.idle)
        guard let deadline = waiters.first?.deadline else { return expiry }
        return expiry.map { min($0, deadline) } ?? deadline
    }

    /// Time has passed.
    package mutating func tick(at now: MonotonicTime) -> [PoolAction] {
        var actions: [PoolAction] = []
        while let first = waiters.first, first.deadline <= now {
            waiters.removeFirst()
            actions.append(.refuse(waiter: first.number, .timedOut))
        }
        while let oldest = idle.first, oldest.since.advanced(by: limits.idle) <= now {
            idle.removeFirst()
            actions.append(.close(member: oldest.member))
        }
        return actions
    }

    /// No more lending: waiters are refused, idle connections closed, lent ones when they come back.
    package mutating func close() -> [PoolAction] {
        isClosed = true
        let closing = idle.map { PoolAction.close(member: $0.member) }
        idle = []
        return refuseAll(.closed) + closing
    }

    private mutating func place(_ member: Int, at now: MonotonicTime) -> [PoolAction] {
        if isClosed { return [.close(member: member)] }
        if waiters.isEmpty {
            idle.append(Idle(member: member, since: now))
            return []
        }
        lent.insert(member)
        return [.lend(member: member, waiter: waiters.removeFirst().number)]
    }

    private mutating func grow(at now: MonotonicTime) -> [PoolAction] {
        if isClosed || waiters.isEmpty { return [] }
        if isBlocked(at: now) { return memberCount == 0 ? refuseAll(.unreachable) : [] }
        guard memberCount < limits.connections, opening.count < waiters.count else { return [] }
        let member = nextNumber()
        opening.insert(member)
        return [.open(member: member)]
    }

    private mutating func refuseAll(_ refusal: PoolRefusal) -> [PoolAction] {
        defer { waiters = [] }
        return waiters.map { .refuse(waiter: $0.number, refusal) }
    }

    private func isBlocked(at now: MonotonicTime) -> Bool {
        guard let blockedUntil else { return false }
        return now < blockedUntil
    }

    private mutating func nextNumber() -> Int {
        lastNumber &+= 1
        return lastNumber
    }
}
