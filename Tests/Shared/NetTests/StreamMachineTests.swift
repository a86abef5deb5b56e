import Testing

@testable import Net

/// Every state of a stream with every event. An event concerns one or two parts of the state; that it leaves the others
/// as they are is asked of all their combinations.
@Suite struct StreamMachineTests {
    private typealias Machine = StreamMachine

    private static let phases: [Machine.Phase] = [
        .opening(wantsWrite: false), .opening(wantsWrite: true), .open, .closed,
    ]
    private static let inputs: [Machine.Input] = [.reading, .wantsWrite, .paused, .pausedAfterHangUp, .ended]
    private static let outputs: [Machine.Output] = [.ready, .blocked, .wantsRead]
    private static let endings: [Machine.Ending] = [.none, .wanted, .said]
    private static let readers: [Machine.Reader] = [.absent, .waiting, .missed]
    private static let attempts: [Machine.Attempt] = [.moved, .waitsToRead, .waitsToWrite, .ended, .failed]

    private static let all: [Machine] = {
        var all: [Machine] = []
        for phase in phases {
            for input in inputs {
                for output in outputs {
                    for ending in endings {
                        for reader in readers {
                            for isLingering in [false, true] {
                                all.append(
                                    Machine(
                                        phase: phase, input: input, output: output, ending: ending, reader: reader,
                                        isLingering: isLingering))
                            }
                        }
                    }
                }
            }
        }
        return all
    }()

    /// Asks `event` of every state: what it answers, and that `expected` names all that changes.
    private static func everywhere<Answer: Equatable>(
        _ event: (inout Machine) -> Answer, answers: (Machine) -> Answer, _ expected: (inout Machine) -> Void,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for before in all {
            var (after, wanted) = (before, before)
            let answer = event(&after)
            expected(&wanted)
            #expect(answer == answers(before), "\(before)", sourceLocation: sourceLocation)
            #expect(after == wanted, "\(before)", sourceLocation: sourceLocation)
        }
    }

    @Test func `there are as many states as there are combinations`() {
        #expect(Self.all.count == 4 * 5 * 3 * 3 * 3 * 2)
    }

    // MARK: What the system says

    @Test func `an open stream reads until it has enough, or nothing more comes`() {
        for (isFull, mayHaveMore) in [(false, false), (false, true), (true, false), (true, true)] {
            for attempt in Self.attempts {
                Self.everywhere {
                    $0.read(attempt, isFull: isFull, mayHaveMore: mayHaveMore)
                } answers: { machine in
                    guard machine.phase == .open else { return .stop }
                    return switch attempt {
                    case .moved: isFull ? .stopAndWatch : mayHaveMore ? .again : .stop
                    case .waitsToRead: .stop
                    case .waitsToWrite: .stopAndWatch
                    case .ended: .end
                    case .failed: .fail
                    }
                } _: { machine in
                    guard machine.phase == .open else { return }
                    switch attempt {
                    case .moved: if isFull { machine.input = .paused }
                    case .waitsToWrite: machine.input = .wantsWrite
                    case .ended: machine.input = .ended
                    case .waitsToRead, .failed: break
                    }
                }
            }
        }
    }

    @Test func `what can be read is read unless reading is paused or over`() {
        for machine in Self.all {
            let reads = machine.input == .reading || machine.input == .wantsWrite
            #expect(machine.mayRead == (machine.phase == .open && reads), "\(machine)")
        }
    }

    @Test func `reading that waited until TLS could send goes on when it can`() {
        Self.everywhere {
            $0.resumesReading()
        } answers: {
            $0.phase == .open && $0.input == .wantsWrite
        } _: {
            if $0.phase == .open, $0.input == .wantsWrite { $0.input = .reading }
        }
    }

    @Test func `what cannot be sent blocks until the descriptor is ready for what it waits for`() {
        let answers: [Machine.WriteAction] = [.again, .block, .block, .end, .fail]
        for (attempt, answer) in zip(Self.attempts, answers) {
            Self.everywhere {
                $0.wrote(attempt)
            } answers: { _ in
                answer
            } _: {
                if attempt == .waitsToRead { $0.output = .wantsRead }
                if attempt == .waitsToWrite { $0.output = .blocked }
            }
        }
        for isWritable in [false, true] {
            let unblocks: (Machine) -> Bool = {
                $0.phase == .open && ($0.output == .wantsRead || $0.output == .blocked && isWritable)
            }
            Self.everywhere({ $0.unblocks(isWritable: isWritable) }, answers: unblocks) {
                if unblocks($0) { $0.output = .ready }
            }
        }
        for machine in Self.all {
            #expect(machine.maySend == (machine.phase == .open && machine.output == .ready), "\(machine)")
        }
    }

    @Test func `a hang-up is looked at where no reading would meet it`() {
        for machine in Self.all {
            let isUnread = machine.isPaused
            #expect(machine.mustInspect(isBroken: false) == (machine.phase == .open && isUnread), "\(machine)")
            #expect(
                machine.mustInspect(isBroken: true)
                    == (machine.phase == .open && (isUnread || machine.input == .ended)), "\(machine)")
        }
    }

    @Test func `a broken stream is closed, one whose other side left while it was paused is told so`() {
        for (hasError, isOver) in [(false, false), (false, true), (true, false), (true, true)] {
            let answer: (Machine) -> Machine.HangUpAction = {
                if hasError || isOver && $0.input == .ended { return .close }
                return $0.isPaused ? .reportHangUp(unwatch: isOver) : .none
            }
            Self.everywhere({ $0.hungUp(hasError: hasError, isOver: isOver) }, answers: answer) {
                if answer($0) == .reportHangUp(unwatch: isOver) { $0.input = .pausedAfterHangUp }
            }
        }
    }

    @Test func `a connect or a handshake waits for what it asks for, and opens when it is done`() {
        for attempt in Self.attempts {
            Self.everywhere {
                $0.opens(attempt)
                return true
            } answers: { _ in
                true
            } _: {
                guard $0.phase != .closed else { return }
                switch attempt {
                case .moved: $0.phase = .open
                case .waitsToRead: $0.phase = .opening(wantsWrite: false)
                case .waitsToWrite: $0.phase = .opening(wantsWrite: true)
                case .ended, .failed: break
                }
            }
        }
    }

    // MARK: What the owner wants

    @Test func `who waits is told at once of what he missed, and of an end; else he is suspended`() {
        Self.everywhere {
            $0.wait()
        } answers: {
            if $0.phase == .closed { return .never }
            if $0.reader == .missed { return .more }
            return $0.input == .ended ? .never : .suspend
        } _: {
            if $0.phase == .closed { return }
            if $0.reader == .missed { return $0.reader = .absent }
            if $0.input != .ended { $0.reader = .waiting }
        }
    }

    @Test func `what comes wakes who waits, or is kept for the next who does`() {
        Self.everywhere {
            $0.wake()
        } answers: {
            $0.reader == .waiting
        } _: {
            $0.reader = $0.reader == .waiting ? .absent : .missed
        }
        Self.everywhere {
            $0.interrupt()
        } answers: {
            $0.reader == .waiting
        } _: {
            if $0.reader == .waiting { $0.reader = .absent }
        }
    }

    @Test func `reading is paused and goes on, unless it is over`() {
        Self.everywhere {
            $0.pause()
            return true
        } answers: { _ in
            true
        } _: {
            if $0.phase != .closed, $0.input != .ended { $0.input = .paused }
        }
        for isFull in [false, true] {
            let resumes: (Machine) -> Bool = { $0.phase != .closed && $0.isPaused && !isFull }
            Self.everywhere({ $0.resume(isFull: isFull) }, answers: resumes) {
                if resumes($0) { $0.input = .reading }
            }
        }
    }

    @Test func `the end is said once, when all was sent`() {
        Self.everywhere {
            $0.finish()
            return $0.mustSayEnd
        } answers: {
            $0.phase != .closed && $0.ending != .said && $0.output == .ready
        } _: {
            if $0.ending == .none { $0.ending = .wanted }
        }
        Self.everywhere {
            $0.saidEnd()
        } answers: {
            $0.isLingering && $0.input == .ended
        } _: {
            $0.ending = .said
        }
    }

    @Test func `who lingers is done at once where both sides are`() {
        for isAllSent in [false, true] {
            let isDone: (Machine) -> Bool = { isAllSent && $0.input == .ended }
            Self.everywhere({ $0.linger(isAllSent: isAllSent) }, answers: isDone) {
                if isDone($0) { return }
                $0.isLingering = true
                if $0.isPaused { $0.input = .reading }
            }
        }
    }

    @Test func `a stream is closed once`() {
        Self.everywhere({ $0.close() }, answers: { $0.phase != .closed }) { $0.phase = .closed }
    }

    // MARK: What the system is asked to tell

    @Test func `it is asked for what can be used, and for the other side's end until that was told`() {
        for machine in Self.all where machine.phase == .open || machine.phase == .closed {
            let interest = machine.interest
            let reads = machine.input == .reading || machine.input == .wantsWrite
            #expect(interest.readable == reads, "\(machine)")
            #expect(interest.writable == (machine.output == .blocked || machine.input == .wantsWrite), "\(machine)")
            #expect(interest.hangUp == (reads || machine.input == .paused), "\(machine)")
        }
    }

    @Test func `while a stream opens it is asked for what that waits for alone`() {
        for machine in Self.all {
            guard case .opening(let wantsWrite) = machine.phase else { continue }
            let hangUp = !wantsWrite || machine.input == .paused
            #expect(
                machine.interest
                    == Machine.Interest(readable: !wantsWrite, writable: wantsWrite, hangUp: hangUp), "\(machine)")
        }
    }
}
