extension ConnectionMachine {
    /// What the connection's task has done.
    enum TaskEvent: Sendable, Equatable {
        /// The handshake is over; false when it failed.
        case secured(Bool)
        case parsed(HeadResult)
        /// The task was woken; false when nothing more will come.
        case woken(hasMore: Bool)
        /// The request's target cannot be used.
        case targetRefused(MessageFault)
        /// The handler has returned, after its body had this fault.
        case handled(bodyFault: HTTPFault?, isOpen: Bool)
        /// - canStay: all of the answer was written, and nothing of the request is left in the way of the next.
        /// - hasBacklog: much of it waits for the client.
        case responded(canStay: Bool, hasBacklog: Bool)
        /// The client has taken enough of its answers; false when it is gone.
        case taken(isOpen: Bool)
    }

    /// What the task is to do next.
    enum TaskAction: Sendable, Equatable {
        /// Look for a head in what has come.
        case parse
        /// Send what is written, and sleep until more has come.
        case sleep
        /// Have the request answered: by the fast path that has begun it, else by the handler.
        case answer(isBegun: Bool)
        /// Write the answer.
        case respond(keepsAlive: Bool)
        /// Wait until the client has taken some of its answers.
        case awaitTaken
        /// Answer with the fault, then end: after it nothing on the connection can be believed.
        case refuse(HTTPFault)
        /// Let the client take its last answer, and close.
        case end
    }

    mutating func task(_ event: TaskEvent, at now: Int64) -> TaskAction {
        switch (event, state) {
        case (.secured(true), .handshake):
            deadline = now &+ limits.headTime
            return read()
        case (.parsed(let result), .reading(let head)): return parsed(result, head, at: now)
        case (.woken(let hasMore), _): return woken(hasMore: hasMore, at: now)
        case (.targetRefused(let fault), .handling): return end(.refuse(.message(fault)))
        case (.handled(let fault, let isOpen), .handling):
            cancelAt = .max
            guard isOpen else { return end() }
            if let fault, fault != .answered { return end(.refuse(fault)) }
            state = .responding
            return .respond(keepsAlive: keepsAlive && mayStay(at: now))
        case (.responded(canStay: true, hasBacklog: true), .responding): return .awaitTaken
        case (.responded(canStay: true, hasBacklog: false), .responding): return isDraining ? end() : read()
        case (.taken(isOpen: true), .responding): return isDraining ? end() : read()
        // What failed ends the connection, and so does what cannot be.
        case (.secured, _), (.parsed, _), (.targetRefused, _), (.handled, _), (.responded, _), (.taken, _): return end()
        }
    }

    private mutating func parsed(_ result: HeadResult, _ head: Head, at now: Int64) -> TaskAction {
        switch result {
        case .needsMore(let hasInput):
            sleep(head, hasInput: hasInput, at: now)
            return .sleep
        case .complete(_, let keepsAlive):
            count(keepsAlive: keepsAlive)
            return answer(isBegun: false, at: now)
        case .fault(let fault): return end(.refuse(.message(fault)))
        }
    }

    private mutating func woken(hasMore: Bool, at now: Int64) -> TaskAction {
        switch state {
        case .sleeping(let head), .reading(let head): return hasMore ? read(head) : end()
        case .handedOver(let isBegun): return answer(isBegun: isBegun, at: now)
        // The client's end woke the task before the fast path could hand over.
        case .pending, .forwarded: return answer(isBegun: true, at: now)
        case .refused(let fault): return end(.refuse(fault))
        case .responding: return .awaitTaken
        case .handshake, .offered, .handling, .ending: return end()
        }
    }

    private mutating func read(_ head: Head = .awaited) -> TaskAction {
        state = .reading(head)
        return .parse
    }

    private mutating func answer(isBegun: Bool, at now: Int64) -> TaskAction {
        state = .handling
        if hasClientEnded { cancelAt = now &+ limits.halfCloseGrace }
        return .answer(isBegun: isBegun)
    }

    private mutating func end(_ action: TaskAction = .end) -> TaskAction {
        state = .ending
        return action
    }
}
