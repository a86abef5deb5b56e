// Pooling: who may use which of a few connections, and who waits how long for one. A pure machine decides, a thin shell
// acts; how a connection is opened, used and closed is left to Postgres, Redis and HTTP.
package import Lifecycle

/// The bookkeeping of a pool. It does nothing itself: each method takes what happened and when, and answers what to do.
/// Connections are lent youngest first, so that those too many grow old and are closed; callers are served oldest
/// first. A member's number is used again once its connection is closed.
package struct PoolMachine: Sendable {
    private enum Member: Sendable {
        case none
        case opening
        case idle
        case lent
    }
    private struct Idle: Sendable {
        let member: Int
        let since: Int64
    }
    private struct Waiter: Sendable {
        let number: Int
        let deadline: Int64
    }

    private let limits: PoolLimits
    /// In nanoseconds; `max` for ever.
    private let waitTime: Int64
    private let idleTime: Int64
    private var members: [Member] = []
    private var unused: [Int] = []
    private var opening = 0
    /// Oldest first. A shared connection is always here: whoever has it does not keep it from others.
    private var idle: [Idle] = []
    private var waiters: [Waiter] = []
    private var lastWaiter = 0
    /// Openings that failed since the last that did not.
    package private(set) var failures = 0
    private var blockedUntil: MonotonicTime?
    private var isClosed = false

    package init(_ limits: PoolLimits) {
        self.limits = limits
        waitTime = limits.wait?.wholeNanoseconds ?? .max
        idleTime = limits.idle?.wholeNanoseconds ?? .max
    }

    package var memberCount: Int { members.count - unused.count }
    package var idleCount: Int { idle.count }
    package var waiterCount: Int { waiters.count }

    package func isIdle(_ member: Int) -> Bool { state(member) == .idle }

    /// A connection could not be opened a moment ago, so none is tried.
    package func isBlocked(at now: MonotonicTime) -> Bool {
        guard let blockedUntil else { return false }
        return now < blockedUntil
    }

    // MARK: Callers

    /// A connection that is free now, if there is one.
    package mutating func take() -> Int? {
        if limits.use == .shared { return idle.last?.member }
        guard let free = idle.popLast() else { return nil }
        members[free.member] = .lent
        return free.member
    }

    /// Someone asks for a connection, with `isNew` for one that nobody had before, as long as another may be opened;
    /// the number returned names the asker.
    package mutating func ask(isNew: Bool = false, at now: MonotonicTime) -> (waiter: Int, actions: [PoolAction]) {
        lastWaiter &+= 1
        let number = lastWaiter
        if isClosed { return (number, [.refuse(waiter: number, .closed)]) }
        if !isNew || memberCount >= limits.connections, let member = take() {
            return (number, [.lend(member: member, waiter: number)])
        }
        if memberCount == 0, isBlocked(at: now) { return (number, [.refuse(waiter: number, .unreachable)]) }
        if waiters.count >= limits.waiters + opening { return (number, [.refuse(waiter: number, .busy)]) }
        waiters.append(Waiter(number: number, deadline: Self.add(waitTime, to: now)))
        return (number, grow(at: now))
    }

    /// The asker no longer wants one. Nothing happens if it has been answered.
    package mutating func withdraw(waiter number: Int) {
        waiters.removeAll { $0.number == number }
    }

    /// A lent connection comes back; one that is not reusable is closed.
    package mutating func returned(_ member: Int, isReusable: Bool, at now: MonotonicTime) -> [PoolAction] {
        guard state(member) == .lent else { return [] }
        return isReusable ? offer(member, at: now) : remove(member, at: now)
    }

    // MARK: Connections

    package mutating func opened(_ member: Int, at now: MonotonicTime) -> [PoolAction] {
        guard state(member) == .opening else { return [] }
        failures = 0
        blockedUntil = nil
        opening -= 1
        return offer(member, at: now)
    }

    /// `random` (0..<1) spreads the next try.
    package mutating func failedToOpen(
        _ member: Int, _ refusal: PoolRefusal = .unreachable, at now: MonotonicTime, random: Double
    ) -> [PoolAction] {
        guard state(member) == .opening else { return [] }
        opening -= 1
        forget(member)
        if let backoff = limits.backoff { blockedUntil = now.advanced(by: backoff.delay(failures, random: random)) }
        failures = min(failures + 1, 32)
        switch limits.refused {
        case .allWithoutConnection: return memberCount > 0 ? [] : refuseAll(refusal)
        case .one:
            // As many openings as callers are under way: whose was for one that has withdrawn is nobody's.
            guard waiters.count > opening else { return [] }
            return [.refuse(waiter: waiters.removeFirst().number, refusal)] + grow(at: now)
        }
    }

    /// A connection has ended, whoever has it.
    package mutating func lost(_ member: Int, at now: MonotonicTime) -> [PoolAction] {
        switch state(member) {
        case .none, .opening: return []
        case .idle: idle.removeAll { $0.member == member }
        case .lent: break
        }
        return remove(member, at: now)
    }

    // MARK: Time, and the end

    /// When `tick` should be called next.
    package var nextAlarm: MonotonicTime? {
        var next = Int64.max
        if let oldest = idle.first { next = Self.add(idleTime, to: MonotonicTime(nanoseconds: oldest.since)) }
        if let first = waiters.first { next = min(next, first.deadline) }
        return next == .max ? nil : MonotonicTime(nanoseconds: next)
    }

    /// Time has passed.
    package mutating func tick(at now: MonotonicTime) -> [PoolAction] {
        var actions: [PoolAction] = []
        while let first = waiters.first, first.deadline <= now.nanoseconds {
            waiters.removeFirst()
            actions.append(.refuse(waiter: first.number, .timedOut))
        }
        while idleTime != .max, let oldest = idle.first, now.nanoseconds &- oldest.since >= idleTime {
            idle.removeFirst()
            actions += remove(oldest.member, at: now)
        }
        return actions
    }

    /// Closes what nobody uses.
    package mutating func closeIdle() -> [PoolAction] {
        let closed = idle
        idle = []
        for free in closed { forget(free.member) }
        return closed.map { .close(member: $0.member) }
    }

    /// No more lending: waiters are refused, idle connections closed, lent ones when they come back.
    package mutating func close() -> [PoolAction] {
        isClosed = true
        return refuseAll(.closed) + closeIdle()
    }

    // MARK: Bookkeeping

    private func state(_ member: Int) -> Member { members.indices.contains(member) ? members[member] : .none }

    /// A connection is free: it goes to whoever waits, or waits itself.
    private mutating func offer(_ member: Int, at now: MonotonicTime) -> [PoolAction] {
        if isClosed {
            forget(member)
            return [.close(member: member)]
        }
        if limits.use == .shared {
            rest(member, at: now)
            defer { waiters = [] }
            return waiters.map { .lend(member: member, waiter: $0.number) }
        }
        guard !waiters.isEmpty else {
            rest(member, at: now)
            return []
        }
        members[member] = .lent
        return [.lend(member: member, waiter: waiters.removeFirst().number)]
    }

    private mutating func rest(_ member: Int, at now: MonotonicTime) {
        members[member] = .idle
        idle.append(Idle(member: member, since: now.nanoseconds))
    }

    private mutating func remove(_ member: Int, at now: MonotonicTime) -> [PoolAction] {
        forget(member)
        return [.close(member: member)] + grow(at: now)
    }

    private mutating func forget(_ member: Int) {
        members[member] = .none
        unused.append(member)
    }

    private mutating func grow(at now: MonotonicTime) -> [PoolAction] {
        if isClosed || waiters.isEmpty { return [] }
        if isBlocked(at: now) { return memberCount == 0 ? refuseAll(.unreachable) : [] }
        guard memberCount < limits.connections, opening < waiters.count else { return [] }
        if unused.isEmpty {
            unused.append(members.count)
            members.append(.none)
        }
        guard let member = unused.popLast() else { return [] }
        members[member] = .opening
        opening += 1
        return [.open(member: member)]
    }

    private mutating func refuseAll(_ refusal: PoolRefusal) -> [PoolAction] {
        defer { waiters = [] }
        return waiters.map { .refuse(waiter: $0.number, refusal) }
    }

    private static func add(_ duration: Int64, to time: MonotonicTime) -> Int64 {
        let (sum, isOver) = time.nanoseconds.addingReportingOverflow(duration)
        return isOver ? .max : sum
    }
}
