extension ConnectionMachine {
    /// What happened on the loop.
    enum LoopEvent: Sendable, Equatable {
        /// Bytes have come.
        case received
        case parsed(HeadResult)
        /// What the fast path said of the request it was asked about.
        case offered(Offer)
        /// What the fast path waited for is known.
        case replied
        /// The whole answer has come from upstream.
        case answered
        /// The answer was copied; `hasBacklog` says that much waits for the client.
        case copied(keepsAlive: Bool, hasBacklog: Bool)
        /// The upstream ended, or its answer is not one to be copied at once.
        case interrupted
        /// The client sends no more; if it failed, it also reads no more.
        case clientEnded(isFailure: Bool)
        /// The descriptor is closed.
        case closed
        case tick(StreamTimes)
        /// The server stops; `hasBacklog` says that some of an answer waits for the client.
        case drain(hasBacklog: Bool)
    }

    enum Offer: Sendable, Equatable {
        case declined
        case begun
        case pending
        case sent
    }

    /// What the client was last seen doing.
    struct StreamTimes: Sendable, Equatable {
        /// When bytes last came.
        let lastRead: Int64
        /// Since when the client has taken nothing of what waits for it; `nil` while it takes all.
        let stalledSince: Int64?
    }

    /// What is to be done on the loop.
    enum LoopAction: Sendable, Equatable {
        case none
        /// Wake the task: the rest is its.
        case wakeTask
        case wakeTaskCancelled
        case cancelTask
        /// Look for a head in what has come.
        case parse
        /// Show the request to the fast path.
        case offer
        /// Let the fast path go on with the request.
        case proceed
        /// Copy the answer from upstream to the client.
        case copy(keepsAlive: Bool)
        /// Read on, if that was stopped, then look at what has come.
        case readOn
        /// Wake whoever waits for the body: it is not going to come.
        case interruptBody
        case close
        case closeTimedOut
        case closeLingering
    }

    mutating func loop(_ event: LoopEvent, at now: Int64) -> LoopAction {
        switch event {
        case .received: received()
        case .parsed(let result): parsed(result, at: now)
        case .offered(let offer): offered(offer)
        case .replied: replied()
        case .answered: answered(at: now)
        case .copied(let keepsAlive, let hasBacklog): copied(keepsAlive, hasBacklog)
        case .interrupted: isOnFastPath ? handOver(isBegun: true) : .none
        case .clientEnded(let isFailure): clientEnded(isFailure, at: now)
        case .closed: isAnswering ? .cancelTask : .none
        case .tick(let times): tick(times, at: now)
        case .drain(let hasBacklog): drain(hasBacklog, at: now)
        }
    }

    private func received() -> LoopAction {
        switch state {
        case .sleeping: hasFastPath && !hasClientEnded ? .parse : .wakeTask
        case .offered, .pending, .forwarded: .none
        case .handshake, .reading, .handedOver, .refused, .handling, .responding, .ending: .wakeTask
        }
    }

    private mutating func parsed(_ result: HeadResult, at now: Int64) -> LoopAction {
        guard case .sleeping(let head) = state else { return .none }
        switch result {
        case .needsMore(let hasInput):
            sleep(head, hasInput: hasInput, at: now)
            return .none
        case .complete(let isPlain, let keepsAlive):
            count(keepsAlive: keepsAlive)
            guard isPlain else { return handOver(isBegun: false) }
            state = .offered
            return .offer
        case .fault(let fault): return refuse(.message(fault))
        }
    }

    // MARK: The fast path

    private mutating func offered(_ offer: Offer) -> LoopAction {
        guard state == .offered else { return .none }
        switch offer {
        case .declined: return handOver(isBegun: false)
        case .begun: return handOver(isBegun: true)
        case .pending: state = .pending
        case .sent: state = .forwarded
        }
        return .none
    }

    private mutating func replied() -> LoopAction {
        guard state == .pending else { return .none }
        state = .offered
        return .proceed
    }

    private mutating func answered(at now: Int64) -> LoopAction {
        guard state == .forwarded else { return .none }
        state = .responding
        return .copy(keepsAlive: keepsAlive && mayStay(at: now))
    }

    private mutating func copied(_ keepsAlive: Bool, _ hasBacklog: Bool) -> LoopAction {
        guard state == .responding else { return .none }
        guard keepsAlive else {
            state = .ending
            return .wakeTask
        }
        // The task waits until a slow client has taken its answers.
        if hasBacklog { return .wakeTask }
        state = .sleeping(.awaited)
        return .readOn
    }

    /// A request is with the fast path; the task sleeps.
    private var isOnFastPath: Bool { state == .pending || state == .forwarded }

    private mutating func handOver(isBegun: Bool) -> LoopAction {
        state = .handedOver(isBegun: isBegun)
        return .wakeTask
    }

    private mutating func refuse(_ fault: HTTPFault) -> LoopAction {
        state = .refused(fault)
        return .wakeTask
    }

    // MARK: The client's end

    private mutating func clientEnded(_ isFailure: Bool, at now: Int64) -> LoopAction {
        hasClientEnded = true
        let isGone = isFailure || limits.halfCloseGrace == 0
        switch state {
        // The stream wakes the task by itself.
        case .sleeping(let head): state = .reading(head)
        case .pending, .forwarded:
            state = .handedOver(isBegun: true)
            if isGone { return .wakeTaskCancelled }
            cancelAt = now &+ limits.halfCloseGrace
            return .wakeTask
        case .handedOver, .handling, .responding:
            // Who waits for an answer may have said all there is to say; who hears a stream has left.
            if isGone || isEndless { return .cancelTask }
            cancelAt = now &+ limits.halfCloseGrace
        case .handshake, .reading, .offered, .refused, .ending: break
        }
        return .none
    }

    /// Somebody works on an answer that nobody will read once the connection is closed.
    private var isAnswering: Bool {
        switch state {
        case .pending, .forwarded, .handedOver, .handling, .responding: true
        case .handshake, .reading, .sleeping, .offered, .refused, .ending: false
        }
    }

    // MARK: Time, and the server's end

    private mutating func tick(_ times: StreamTimes, at now: Int64) -> LoopAction {
        if let since = times.stalledSince, now &- since > limits.writeIdle { return .closeTimedOut }
        if now >= cancelAt {
            cancelAt = .max
            return .cancelTask
        }
        if body.expires(at: now, lastRead: times.lastRead, limits) { return .interruptBody }
        guard now >= deadline else { return .none }
        deadline = .max
        switch state {
        case .sleeping(.awaited), .reading(.awaited): return .close
        case .sleeping(.begun), .reading(.begun): return refuse(.tooSlow)
        default: return .none
        }
    }

    /// An idle connection ends at once, a busy one after its answer.
    private mutating func drain(_ hasBacklog: Bool, at now: Int64) -> LoopAction {
        isDraining = true
        guard state == .sleeping(.awaited) || state == .reading(.awaited) else { return .none }
        // A slow client may not have taken all of its last answer yet.
        if hasBacklog { return .closeLingering }
        // A request may be on its way just now: closing at once would lose it, and its sender could not know whether it
        // was begun. What comes within the grace is answered with `Connection: close`.
        deadline = min(deadline, now &+ limits.idleDrain)
        return .none
    }
}
