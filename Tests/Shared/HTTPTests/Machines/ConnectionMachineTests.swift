import Testing

@testable import HTTP

@Suite struct ConnectionMachineTests {
    private typealias Machine = ConnectionMachine

    private static func limits(_ change: (inout HTTPLimits) -> Void = { _ in }) -> ConnectionLimits {
        var limits = HTTPLimits()
        limits.headTime = .nanoseconds(100)
        limits.keepAliveIdle = .nanoseconds(1_000)
        limits.keepAliveAge = .nanoseconds(100_000)
        limits.writeIdle = .nanoseconds(500)
        limits.halfCloseGrace = .nanoseconds(50)
        limits.idleDrain = .nanoseconds(30)
        change(&limits)
        return ConnectionLimits(limits)
    }

    private static func machine(
        _ state: Machine.State = .handshake, hasFastPath: Bool = true, _ change: (inout HTTPLimits) -> Void = { _ in }
    ) -> Machine {
        Machine(limits(change), hasFastPath: hasFastPath, at: 0, state: state)
    }

    private static let quiet = Machine.LoopEvent.tick(Machine.StreamTimes(lastRead: 0, stalledSince: nil))

    /// Serves one request from the state in which its head is looked for; what became of it.
    private static func serve(_ machine: inout Machine, at now: Int64) -> Machine.TaskAction {
        _ = machine.task(.parsed(.complete(isPlain: false, keepsAlive: true)), at: now)
        let action = machine.task(.handled(bodyFault: nil, isOpen: true), at: now)
        _ = machine.task(.responded(canStay: action == .respond(keepsAlive: true), hasBacklog: false), at: now)
        return action
    }

    // MARK: The table

    @Test func `on the loop every state meets every event as the table says`() {
        let events = ConnectionTable.loop
        #expect(Set(ConnectionTable.states.map { ConnectionTable.number($0) }).count == 11)
        #expect(Set(events.map { ConnectionTable.number($0.0) }).count == 11)
        for (event, rows) in events {
            for state in ConnectionTable.states {
                var machine = Self.machine(state)
                let action = machine.loop(event, at: 0)
                let row = rows.first { $0.from.contains(state) }
                #expect(action == row?.action ?? .none, "\(state), \(event)")
                #expect(machine.state == row?.to ?? state, "\(state), \(event)")
            }
        }
    }

    @Test func `the task's events lead where the table says, and those that cannot come end the connection`() {
        let events = ConnectionTable.task
        #expect(Set(events.map { ConnectionTable.number($0.0) }).count == 7)
        for (event, rows) in events {
            for state in ConnectionTable.states {
                var machine = Self.machine(state)
                let action = machine.task(event, at: 0)
                let row = rows.first { $0.from.contains(state) }
                #expect(action == row?.action ?? .end, "\(state), \(event)")
                #expect(machine.state == (row.map { $0.to ?? state } ?? .ending), "\(state), \(event)")
            }
        }
    }

    @Test func `a state that lasted too long ends if a head is awaited, and in no other`() {
        for state in ConnectionTable.states {
            var machine = Self.machine(state)
            machine.deadline = 10
            #expect(machine.loop(Self.quiet, at: 9) == .none)
            let action = machine.loop(Self.quiet, at: 10)
            switch state {
            case .sleeping(.awaited), .reading(.awaited): #expect(action == .close)
            case .sleeping(.begun), .reading(.begun):
                #expect(action == .wakeTask)
                #expect(machine.task(.woken(hasMore: true), at: 10) == .refuse(.tooSlow))
            default: #expect(action == .none, "\(state)")
            }
        }
    }

    @Test func `without a fast path whatever comes is the task's`() {
        for state in [Machine.State.sleeping(.awaited), .sleeping(.begun)] {
            var machine = Self.machine(state, hasFastPath: false)
            #expect(machine.loop(.received, at: 0) == .wakeTask)
        }
    }

    // MARK: Time

    @Test func `the first head's time begins with the connection, silent or not`() {
        var machine = Self.machine()
        _ = machine.task(.secured(true), at: 5)
        #expect(machine.task(.parsed(.needsMore(hasInput: false)), at: 20) == .sleep)
        #expect(machine.loop(.received, at: 60) == .parse)
        #expect(machine.loop(.parsed(.needsMore(hasInput: true)), at: 60) == .none)
        #expect(machine.loop(Self.quiet, at: 104) == .none)
        #expect(machine.loop(Self.quiet, at: 105) == .wakeTask)
        #expect(machine.state == .refused(.tooSlow))
    }

    @Test(arguments: [true, false])
    func `a later head's time begins with its first byte and is not begun again`(_ hasFastPath: Bool) {
        var machine = Self.machine(.reading(.awaited), hasFastPath: hasFastPath)
        #expect(Self.serve(&machine, at: 0) == .respond(keepsAlive: true))
        _ = machine.task(.parsed(.needsMore(hasInput: false)), at: 0)
        #expect(machine.loop(Self.quiet, at: 999) == .none)
        for now in stride(from: Int64(900), to: 999, by: 10) {
            if hasFastPath {
                _ = machine.loop(.received, at: now)
                #expect(machine.loop(.parsed(.needsMore(hasInput: true)), at: now) == .none)
            } else {
                _ = machine.task(.woken(hasMore: true), at: now)
                #expect(machine.task(.parsed(.needsMore(hasInput: true)), at: now) == .sleep)
            }
        }
        #expect(machine.loop(Self.quiet, at: 999) == .none)
        #expect(machine.loop(Self.quiet, at: 1_000) == .wakeTask)
    }

    @Test func `an idle connection is closed when its time is over`() {
        var machine = Self.machine(.reading(.awaited))
        _ = Self.serve(&machine, at: 0)
        _ = machine.task(.parsed(.needsMore(hasInput: false)), at: 10)
        #expect(machine.loop(Self.quiet, at: 1_009) == .none)
        #expect(machine.loop(Self.quiet, at: 1_010) == .close)
    }

    @Test func `no time is kept while a request is answered`() {
        for hasFastPath in [true, false] {
            var machine = Self.machine(.sleeping(.begun), hasFastPath: hasFastPath)
            machine.deadline = 10
            if hasFastPath {
                _ = machine.loop(.parsed(.complete(isPlain: true, keepsAlive: true)), at: 0)
            } else {
                _ = machine.task(.woken(hasMore: true), at: 0)
                _ = machine.task(.parsed(.complete(isPlain: true, keepsAlive: true)), at: 0)
            }
            #expect(machine.loop(Self.quiet, at: 1_000_000) == .none)
        }
    }

    @Test func `a client that takes nothing is given up`() {
        var machine = Self.machine(.responding)
        let stalled = Machine.LoopEvent.tick(Machine.StreamTimes(lastRead: 0, stalledSince: 100))
        #expect(machine.loop(stalled, at: 600) == .none)
        #expect(machine.loop(stalled, at: 601) == .closeTimedOut)
    }

    // MARK: How many requests

    @Test func `the last request a connection may bring is told so`() {
        var machine = Self.machine(.reading(.awaited)) { $0.keepAliveRequests = 3 }
        let told = (0..<3).map { _ in Self.serve(&machine, at: 0) }
        #expect(told == [.respond(keepsAlive: true), .respond(keepsAlive: true), .respond(keepsAlive: false)])
        #expect(machine.state == .ending)
    }

    @Test func `requests that go over the fast path count too`() {
        var machine = Self.machine(.sleeping(.awaited)) { $0.keepAliveRequests = 2 }
        var told: [Machine.LoopAction] = []
        for _ in 0..<2 {
            _ = machine.loop(.parsed(.complete(isPlain: true, keepsAlive: true)), at: 0)
            _ = machine.loop(.offered(.sent), at: 0)
            told.append(machine.loop(.answered, at: 0))
            _ = machine.loop(.copied(keepsAlive: told.last == .copy(keepsAlive: true), hasBacklog: false), at: 0)
        }
        #expect(told == [.copy(keepsAlive: true), .copy(keepsAlive: false)])
        #expect(machine.state == .ending)
    }

    @Test func `a client that asks for the end gets it, and so does a connection that is old`() {
        var machine = Self.machine(.reading(.awaited))
        _ = machine.task(.parsed(.complete(isPlain: false, keepsAlive: false)), at: 0)
        #expect(machine.task(.handled(bodyFault: nil, isOpen: true), at: 0) == .respond(keepsAlive: false))
        var old = Self.machine(.reading(.awaited))
        #expect(Self.serve(&old, at: 99_999) == .respond(keepsAlive: true))
        #expect(Self.serve(&old, at: 100_000) == .respond(keepsAlive: false))
    }

    // MARK: The client's end

    @Test func `a client that stopped sending has its handler cancelled once the grace is over`() {
        var machine = Self.machine(.handling)
        #expect(machine.loop(.clientEnded(isFailure: false), at: 10) == .none)
        #expect(machine.loop(Self.quiet, at: 59) == .none)
        #expect(machine.loop(Self.quiet, at: 60) == .cancelTask)
        #expect(machine.loop(Self.quiet, at: 61) == .none)
    }

    @Test func `the next request of a client that stopped sending has a grace of its own`() {
        var machine = Self.machine(.handling)
        _ = machine.loop(.clientEnded(isFailure: false), at: 10)
        _ = machine.task(.handled(bodyFault: nil, isOpen: true), at: 20)
        #expect(machine.loop(Self.quiet, at: 1_000) == .none)
        _ = machine.task(.responded(canStay: true, hasBacklog: false), at: 1_000)
        _ = machine.task(.parsed(.complete(isPlain: false, keepsAlive: true)), at: 1_000)
        #expect(machine.loop(Self.quiet, at: 1_049) == .none)
        #expect(machine.loop(Self.quiet, at: 1_050) == .cancelTask)
    }

    @Test func `without a grace the handler is cancelled at once`() {
        for state in [Machine.State.handling, .responding, .handedOver(isBegun: true)] {
            var machine = Self.machine(state) { $0.halfCloseGrace = .zero }
            #expect(machine.loop(.clientEnded(isFailure: false), at: 0) == .cancelTask)
        }
        var machine = Self.machine(.forwarded) { $0.halfCloseGrace = .zero }
        #expect(machine.loop(.clientEnded(isFailure: false), at: 0) == .wakeTaskCancelled)
    }

    @Test func `who stops sending has left an answer that has no end of its own, before or while it is written`() {
        var machine = Self.machine(.responding)
        let hasClient = machine.beginEndless()
        #expect(hasClient)
        #expect(machine.loop(.clientEnded(isFailure: false), at: 0) == .cancelTask)
        var early = Self.machine(.handling)
        _ = early.loop(.clientEnded(isFailure: false), at: 0)
        _ = early.task(.handled(bodyFault: nil, isOpen: true), at: 10)
        let isThere = early.beginEndless()
        #expect(!isThere)
    }

    @Test func `the next answer has an end again`() {
        var machine = Self.machine(.responding)
        _ = machine.beginEndless()
        machine.count(keepsAlive: true)
        #expect(machine.loop(.clientEnded(isFailure: false), at: 0) == .none)
    }

    @Test func `what comes from a client that stopped sending is not offered to the fast path`() {
        var machine = Self.machine(.sleeping(.awaited))
        machine.hasClientEnded = true
        #expect(machine.loop(.received, at: 0) == .wakeTask)
    }

    // MARK: The server's end

    @Test func `a stop leaves an idle connection a moment, and closes it then`() {
        var machine = Self.machine(.sleeping(.awaited))
        #expect(machine.loop(.drain(hasBacklog: false), at: 100) == .none)
        #expect(machine.loop(Self.quiet, at: 129) == .none)
        #expect(machine.loop(Self.quiet, at: 130) == .close)
    }

    @Test func `a request that comes in that moment is answered, as the last`() {
        var machine = Self.machine(.sleeping(.awaited))
        _ = machine.loop(.drain(hasBacklog: false), at: 100)
        _ = machine.loop(.parsed(.complete(isPlain: true, keepsAlive: true)), at: 110)
        _ = machine.loop(.offered(.sent), at: 110)
        #expect(machine.loop(.answered, at: 110) == .copy(keepsAlive: false))
        var other = Self.machine(.reading(.awaited))
        _ = other.task(.parsed(.complete(isPlain: false, keepsAlive: true)), at: 0)
        _ = other.loop(.drain(hasBacklog: false), at: 0)
        #expect(other.task(.handled(bodyFault: nil, isOpen: true), at: 0) == .respond(keepsAlive: false))
    }

    @Test func `a stop while an answer leaves ends the connection behind it`() {
        for hasBacklog in [true, false] {
            var machine = Self.machine(.responding)
            _ = machine.loop(.drain(hasBacklog: hasBacklog), at: 0)
            let action = machine.task(.responded(canStay: true, hasBacklog: hasBacklog), at: 0)
            #expect(action == (hasBacklog ? .awaitTaken : .end))
            if hasBacklog { #expect(machine.task(.taken(isOpen: true), at: 0) == .end) }
        }
    }

    // MARK: The body

    @Test func `a body that does not come interrupts whoever waits for it`() {
        var machine = Self.machine(.handling) { $0.bodyIdle = .nanoseconds(10) }
        machine.body = BodyTimer(expectsContinue: true, timeout: .max)
        #expect(machine.body.beginWaiting(at: 100) == true)
        #expect(machine.loop(Self.quiet, at: 110) == .none)
        #expect(machine.loop(Self.quiet, at: 111) == .interruptBody)
        #expect(machine.task(.handled(bodyFault: .tooSlow, isOpen: true), at: 112) == .refuse(.tooSlow))
    }
}
