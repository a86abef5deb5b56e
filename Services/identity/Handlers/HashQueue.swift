package import Lifecycle

/// Whose turn it is to have a password hashed, who waits, and who is told to come back: decisions without threads or a
/// clock of their own. Whoever could not be answered before their deadline is refused, at once where that is seen at
/// once, and as soon as turns turn out to take longer. Logins under one name go one after the other: each is counted
/// as a failure until its password was looked at, and together they would shut out the right one.
package struct HashQueue: Sendable {
    /// How many have their turn at once, and how many wait at most.
    package let width: Int
    package let limit: Int
    /// What a turn takes: its statements and its hashes.
    package private(set) var cost: TurnCost
    private var running: [Int: Turn] = [:]
    private var waiting: [Waiter] = []
    private var lastTicket = 0

    private struct Turn {
        /// Nil is nobody's name, and waits for no other.
        let name: String?
        let begun: MonotonicTime
    }

    private struct Waiter {
        let ticket: Int
        let name: String?
        let deadline: Deadline
    }

    /// Left of a caller's time after the turn, for the transaction and the way back.
    static let rest: Duration = .seconds(1)

    /// - Parameter cost: what one turn is expected to take until some were measured.
    package init(width: Int, limit: Int, cost: Duration) {
        self.width = max(width, 1)
        self.limit = limit
        self.cost = TurnCost(expected: cost)
    }

    /// What somebody is told who wants a turn.
    package enum Entry: Sendable, Equatable {
        case begin(ticket: Int)
        /// Until `leave` names the ticket, at the latest until the given moment; then `begins` says what became of it.
        case wait(ticket: Int, atMost: Deadline)
        case refused(retryAfter: Duration)
    }

    package mutating func enter(as name: String? = nil, until deadline: Deadline, at now: MonotonicTime) -> Entry {
        let ahead = turnsBefore(waiting.map(\.name) + [name]).last ?? 0
        guard ahead == 0 || waiting.count < limit, isInTime(after: ahead, deadline, now) else {
            return .refused(retryAfter: max(cost.mean * ahead, .seconds(1)))
        }
        lastTicket += 1
        guard ahead == 0 else {
            waiting.append(Waiter(ticket: lastTicket, name: name, deadline: deadline))
            return .wait(ticket: lastTicket, atMost: latestBegin(deadline))
        }
        running[lastTicket] = Turn(name: name, begun: now)
        return .begin(ticket: lastTicket)
    }

    /// Whether the turn of one who waited has come. It waits no longer, whatever the answer.
    package mutating func begins(_ ticket: Int) -> Bool {
        waiting.removeAll { $0.ticket == ticket }
        return running[ticket] != nil
    }

    /// When somebody who was not served may come again: after those who wait now.
    package var retryAfter: Duration {
        let ahead = turnsBefore(waiting.map(\.name) + [nil]).last ?? 0
        return max(cost.mean * ahead, .seconds(1))
    }

    /// A turn is over. The tickets of those who wait no longer: because they may begin, or because they would be too
    /// late now that it is known what this turn took.
    /// - Parameter isWhole: false where it ended before a password was looked at, and says nothing of the cost.
    package mutating func leave(_ ticket: Int, isWhole: Bool = true, at now: MonotonicTime) -> [Int] {
        guard let turn = running.removeValue(forKey: ticket) else { return [] }
        if isWhole { cost.note(turn.begun.duration(to: now)) }
        // First who is late, so that nobody begins who could not be answered in time.
        let late = dropLate(at: now)
        return beginNext(at: now) + late
    }

    private mutating func beginNext(at now: MonotonicTime) -> [Int] {
        let begun = zip(waiting, turnsBefore(waiting.map(\.name))).filter { $1 == 0 }.map(\.0)
        for waiter in begun { running[waiter.ticket] = Turn(name: waiter.name, begun: now) }
        waiting.removeAll { waiter in begun.contains { $0.ticket == waiter.ticket } }
        return begun.map(\.ticket)
    }

    private mutating func dropLate(at now: MonotonicTime) -> [Int] {
        let late = zip(waiting, turnsBefore(waiting.map(\.name)))
            .filter { !isInTime(after: $1, $0.deadline, now) }.map(\.0.ticket)
        waiting.removeAll { late.contains($0.ticket) }
        return late
    }

    /// How many turns, one after the other, are over before each of these begins, who wait in this order.
    private func turnsBefore(_ names: [String?]) -> [Int] {
        var taken = [running.count]
        var next: [String: Int] = [:]
        for case let name? in running.values.map(\.name) { next[name] = 1 }
        return names.map { name in
            var round = name.flatMap { next[$0] } ?? 0
            while round < taken.count, taken[round] >= width { round += 1 }
            while taken.count <= round { taken.append(0) }
            taken[round] += 1
            if let name { next[name] = round + 1 }
            return round
        }
    }

    private func isInTime(after turns: Int, _ deadline: Deadline, _ now: MonotonicTime) -> Bool {
        now.advanced(by: cost.mean * turns) <= latestBegin(deadline).time
    }

    /// The last moment at which a turn may begin whose caller is to be answered in time.
    private func latestBegin(_ deadline: Deadline) -> Deadline {
        deadline == .never ? .never : Deadline(deadline.time.advanced(by: .zero - cost.most - Self.rest))
    }
}
