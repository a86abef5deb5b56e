package import Jobs
internal import Kernel
internal import Lifecycle
internal import Net
internal import Pooling

/// A process's advisory locks, held by a connection of their own: the server frees them when that connection ends,
/// whatever the process died of. It is opened by the first question.
final class AdvisoryLocks: Sendable {
    private struct State {
        var session: BlockingSession?
        var held: Set<String> = []
        var isClosed = false
    }

    private let settings: DatabaseSettings
    /// Its own: that this one connection cannot be had (the limit, for instance)
    /// is no reason for pools to pause.
    private let gate = ReconnectGate()
    private let thread = BlockingPool(name: "pg-locks", threads: 1, queue: 64)
    private let state = Locked(State())

    init(_ settings: DatabaseSettings) { self.settings = settings }

    /// True while this process holds the lock of this name in its schema; it takes the lock where nobody has it.
    func holds(_ name: String) async throws -> Bool {
        try await thread.run { [self] in
            do { return try ask(name) } catch is DatabaseError {}
            // The connection broke, and the locks with it: a new one begins anew.
            state.withLock { state in
                state.session = nil
                state.held = []
            }
            do { return try ask(name) } catch is DatabaseError { throw DatabaseUnavailable(.lost) }
        }
    }

    /// A lock that is held is good as long as its connection answers.
    private func ask(_ name: String) throws -> Bool {
        let session = try opened()
        if state.withLock({ $0.held.contains(name) }) { return try session.run(Column<Bool>("true")).one }
        let lock = Column<Bool>(
            "pg_try_advisory_lock(hashtextextended(\("praxis job " + name + " ") || current_schema(), 0))")
        let isMine = try session.run(lock).one
        if isMine { state.withLock { _ = $0.held.insert(name) } }
        return isMine
    }

    private func opened() throws -> BlockingSession {
        let (session, isClosed) = state.withLock { ($0.session, $0.isClosed) }
        if isClosed { throw DatabaseUnavailable(.closed) }
        if let session { return session }
        guard gate.enter(at: .now) else { throw DatabaseUnavailable(.unreachable) }
        let connection: LibpqConnection
        do { connection = try LibpqConnection.open(ConnectionParameters(settings, for: .locks)) } catch {
            gate.failed(at: .now, random: .random(in: 0..<1))
            throw DatabaseUnavailable(.unreachable)
        }
        gate.succeeded()
        let opened = BlockingSession(connection)
        state.withLock { $0.session = opened }
        return opened
    }

    /// Frees the locks; they cannot be asked for afterwards.
    func close() {
        state.withLock { state in
            state.session = nil
            state.held = []
            state.isClosed = true
        }
    }
}

extension JobLeader {
    /// The copy that holds the advisory lock of this name in the service's schema. All jobs of one database share one
    /// connection for their locks; who stands by takes over at its next run after the leader's connection ended.
    package static func advisoryLock(_ name: String, of database: Database) -> JobLeader {
        JobLeader { try await database.locks.holds(name) }
    }
}
