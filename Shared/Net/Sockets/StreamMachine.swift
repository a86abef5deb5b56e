/// Decides what a byte stream does with its descriptor (docs/adr/0033). It knows no system calls: it is told what the
/// system said, and answers what to do. Every field is trivial, so that asking it costs nothing.
struct StreamMachine: Sendable, Equatable {
    enum Phase: Sendable, Equatable {
        /// A connect or a TLS handshake is under way; `wantsWrite` says what it waits for.
        case opening(wantsWrite: Bool)
        case open
        case closed
    }

    enum Input: Sendable, Equatable {
        case reading
        /// TLS has something of its own to send before it can go on reading.
        case wantsWrite
        /// Nothing more is read for now: enough has come, or the owner said so.
        case paused
        /// The peer closed meanwhile, which was reported; what it sent before is still unread.
        case pausedAfterHangUp
        /// The other side sends no more.
        case ended
    }

    enum Output: Sendable, Equatable {
        case ready
        /// The socket takes no more for now.
        case blocked
        /// TLS has to receive something of its own before it can go on sending.
        case wantsRead
    }

    /// Whether the write side is shut down.
    enum Ending: Sendable, Equatable {
        case none
        /// Once everything has been sent.
        case wanted
        case said
    }

    /// Who waits for bytes.
    enum Reader: Sendable, Equatable {
        case absent
        case waiting
        /// Nobody, and bytes have arrived since: the next waiter resumes at once.
        case missed
    }

    var phase = Phase.open
    var input = Input.reading
    var output = Output.ready
    var ending = Ending.none
    var reader = Reader.absent
    /// What comes is thrown away: the stream ends as soon as the other side has taken all.
    var isLingering = false

    var isOpen: Bool { phase != .closed }
    var isPaused: Bool { input == .paused || input == .pausedAfterHangUp }

    /// The events epoll watches for.
    struct Interest: Sendable, Equatable {
        var readable: Bool
        var writable: Bool
        var hangUp: Bool
    }

    var interest: Interest {
        let mayPause = input == .paused
        if case .opening(let wantsWrite) = phase {
            return Interest(readable: !wantsWrite, writable: wantsWrite, hangUp: !wantsWrite || mayPause)
        }
        let reads = input == .reading || input == .wantsWrite
        return Interest(
            readable: reads, writable: output == .blocked || input == .wantsWrite, hangUp: reads || mayPause)
    }
}

// MARK: What the system says

extension StreamMachine {
    /// What came of one attempt to read or write.
    enum Attempt: Sendable, Equatable {
        case moved
        case waitsToRead
        case waitsToWrite
        case ended
        case failed
    }

    enum ReadAction: Sendable, Equatable {
        case again
        /// Nothing more for now.
        case stop
        /// The same, and the events epoll watches for have changed.
        case stopAndWatch
        /// It was the last.
        case end
        case fail
    }

    /// The descriptor can be written to: whether reading waited for that.
    mutating func resumesReading() -> Bool {
        guard phase == .open, input == .wantsWrite else { return false }
        input = .reading
        return true
    }

    /// Whether to read, now that the descriptor can be read.
    var mayRead: Bool { phase == .open && (input == .reading || input == .wantsWrite) }

    /// - isFull: so much was not taken away that no more is to be read.
    /// - mayHaveMore: the descriptor may hold more, for which epoll sends no further event.
    mutating func read(_ attempt: Attempt, isFull: Bool, mayHaveMore: Bool) -> ReadAction {
        guard phase == .open else { return .stop }
        switch attempt {
        case .moved:
            guard isFull else { return mayHaveMore ? .again : .stop }
            input = .paused
            return .stopAndWatch
        case .waitsToRead: return .stop
        case .waitsToWrite:
            input = .wantsWrite
            return .stopAndWatch
        case .ended:
            input = .ended
            return .end
        case .failed: return .fail
        }
    }

    enum WriteAction: Sendable, Equatable {
        case again
        /// No more can be sent now.
        case block
        case end
        case fail
    }

    /// Whether what waits can be sent now.
    var maySend: Bool { phase == .open && output == .ready }

    mutating func wrote(_ attempt: Attempt) -> WriteAction {
        switch attempt {
        case .moved: return .again
        case .waitsToWrite: output = .blocked
        case .waitsToRead: output = .wantsRead
        case .ended: return .end
        case .failed: return .fail
        }
        return .block
    }

    /// Whether sending goes on, now that the descriptor is ready for something.
    mutating func unblocks(isWritable: Bool) -> Bool {
        guard phase == .open, output == .wantsRead || output == .blocked && isWritable else { return false }
        output = .ready
        return true
    }

    /// Whether to look what has become of the other side, which has hung up; `isBroken` says in both directions.
    func mustInspect(isBroken: Bool) -> Bool {
        phase == .open && (isPaused || input == .ended && isBroken)
    }

    enum HangUpAction: Sendable, Equatable {
        case none
        /// The connection is broken.
        case close
        /// Report to the owner that the peer has closed; `unwatch` when epoll would report it repeatedly.
        case reportHangUp(unwatch: Bool)
    }

    /// What looking has found: an error, and whether both directions have ended.
    mutating func hungUp(hasError: Bool, isOver: Bool) -> HangUpAction {
        if hasError || isOver && input == .ended { return .close }
        guard isPaused else { return .none }
        input = .pausedAfterHangUp
        return .reportHangUp(unwatch: isOver)
    }
}

// MARK: What the owner wants

extension StreamMachine {
    enum WaitAction: Sendable, Equatable {
        case suspend
        /// There is more already.
        case more
        /// Nothing will ever come.
        case never
    }

    /// Somebody waits for bytes.
    mutating func wait() -> WaitAction {
        guard isOpen else { return .never }
        if reader == .missed {
            reader = .absent
            return .more
        }
        guard input != .ended else { return .never }
        reader = .waiting
        return .suspend
    }

    /// Whoever waits, or will wait next, is to look at what has come; whether somebody is to be woken now.
    mutating func wake() -> Bool {
        defer { reader = reader == .waiting ? .absent : .missed }
        return reader == .waiting
    }

    /// Whoever waits now is to be woken, since nothing will come for it; whether there is somebody.
    mutating func interrupt() -> Bool {
        guard reader == .waiting else { return false }
        reader = .absent
        return true
    }

    mutating func pause() {
        if isOpen, input != .ended { input = .paused }
    }

    /// Whether reading goes on that was paused; it does not while `isFull`.
    mutating func resume(isFull: Bool) -> Bool {
        guard isOpen, isPaused, !isFull else { return false }
        input = .reading
        return true
    }

    /// A connect or a handshake begins, or goes on after an attempt.
    mutating func opens(_ attempt: Attempt) {
        guard isOpen else { return }
        switch attempt {
        case .moved: phase = .open
        case .waitsToRead: phase = .opening(wantsWrite: false)
        case .waitsToWrite: phase = .opening(wantsWrite: true)
        case .ended, .failed: break
        }
    }

    /// The write side is to be shut down once all was sent.
    mutating func finish() {
        if ending == .none { ending = .wanted }
    }

    /// Whether all is sent that was to be, so that the end can be said.
    var mustSayEnd: Bool { ending == .wanted && output == .ready && isOpen }

    /// The end was said; whether nothing is left to do.
    mutating func saidEnd() -> Bool {
        ending = .said
        return isLingering && input == .ended
    }

    /// The owner is done: what still comes is thrown away. Whether nothing is left to do.
    mutating func linger(isAllSent: Bool) -> Bool {
        if input == .ended, isAllSent { return true }
        isLingering = true
        if isPaused { input = .reading }
        return false
    }

    /// Whether this closed it.
    mutating func close() -> Bool {
        defer { phase = .closed }
        return isOpen
    }
}
