/// Decides what a server does with one client's connection (docs/adr/0033). It knows neither sockets nor tasks: it is
/// given what happened and when, in nanoseconds on the loop's clock, and answers what to do.
///
/// Each connection has a task that reads requests, has them answered and writes the answers. While the task sleeps, the
/// event loop may take a plain request over the fast path (docs/adr/0025). So there are two kinds of events: what the
/// task has done, and what happened on the loop beside it.
struct ConnectionMachine: Sendable {
    enum State: Sendable, Equatable {
        /// TLS is being agreed on.
        case handshake
        /// The task looks for the next request in what has come.
        case reading(Head)
        /// The task sleeps until more of the next head has come.
        case sleeping(Head)
        /// The fast path is being asked about a request; it answers within the call.
        case offered
        /// The fast path waits for something it has to know first. The task sleeps.
        case pending
        /// The fast path has sent the request upstream. The task sleeps.
        case forwarded
        /// The task is woken to have a request answered by the handler, or, if it was begun on the fast path, by that.
        case handedOver(isBegun: Bool)
        /// The task is woken to refuse what has come.
        case refused(HTTPFault)
        /// A handler answers.
        case handling
        /// An answer is being written, or a slow client is taking it.
        case responding
        /// No further request is taken; the task sees to the end.
        case ending
    }

    /// How much of the next request's head has come.
    enum Head: Sendable, Equatable {
        case awaited
        case begun
    }

    /// What looking for a head in the bytes that have come has found.
    enum HeadResult: Sendable, Equatable {
        /// No whole head; `hasInput` says whether a part of one.
        case needsMore(hasInput: Bool)
        /// - isPlain: the fast path may be asked about it.
        /// - keepsAlive: what the client wants.
        case complete(isPlain: Bool, keepsAlive: Bool)
        case fault(MessageFault)
    }

    let limits: ConnectionLimits
    let hasFastPath: Bool
    private let began: Int64
    var state: State
    /// When the state has lasted too long.
    var deadline = Int64.max
    /// When the task of a client that stopped sending is cancelled: it may only be waiting for its answer.
    var cancelAt = Int64.max
    /// Requests whose head was whole.
    private(set) var requests = 0
    /// The client of the request under way wants to send another.
    private(set) var keepsAlive = false
    /// The client sends no more.
    var hasClientEnded = false
    /// The answer being written has no end of its own.
    private(set) var isEndless = false
    /// The server is stopping.
    var isDraining: Bool
    var body = BodyTimer()

    init(
        _ limits: ConnectionLimits, hasFastPath: Bool, isDraining: Bool = false, at now: Int64,
        state: State = .handshake
    ) {
        self.limits = limits
        self.hasFastPath = hasFastPath
        self.isDraining = isDraining
        self.state = state
        began = now
    }

    /// Whether the connection may serve another request, if its client wants that.
    func mayStay(at now: Int64) -> Bool {
        !isDraining && requests < limits.keepAliveRequests && now &- began < limits.keepAliveAge
    }

    /// A whole head has come.
    mutating func count(keepsAlive: Bool) {
        requests &+= 1
        self.keepsAlive = keepsAlive
        isEndless = false
        deadline = .max
    }

    /// An answer without an end of its own is written next; false when its client has left already.
    mutating func beginEndless() -> Bool {
        isEndless = true
        return !hasClientEnded
    }

    /// The task sleeps, or sleeps on, until more has come. The head's time begins with its first byte and is not begun
    /// again; that of the first head begins with the connection.
    mutating func sleep(_ before: Head, hasInput: Bool, at now: Int64) {
        if requests > 0, !hasInput { deadline = now &+ limits.keepAliveIdle }
        if requests > 0, hasInput, before == .awaited { deadline = now &+ limits.headTime }
        state = .sleeping(hasInput ? .begun : .awaited)
    }
}
