internal import Kernel
internal import Lifecycle
internal import Net
internal import Pooling

/// How far a transaction sees what others do meanwhile.
package enum Isolation: Sendable {
    case readCommitted, repeatableRead, serializable

    var begin: SQL {
        switch self {
        case .readCommitted: "begin"
        case .repeatableRead: "begin isolation level repeatable read"
        case .serializable: "begin isolation level serializable"
        }
    }
}

/// One transaction on one borrowed connection. `begin` and the scope travel with the first statement; without a
/// statement, nothing is ever sent.
@safe final class Session: @unchecked Sendable {
    enum Kind { case explicit(Isolation), singleStatement }

    let owner: LoopConnections
    private let connection: PostgresConnection
    private let scope: Scope?
    private let kind: Kind
    private var isBegun = false
    private var isOver = false
    /// A statement whose caller stopped waiting may still run.
    private var isAbandoned = false
    private var prelude: DatabaseError?
    /// The first fault of statements whose answers nobody waits for.
    private var unheard: DatabaseError?

    init(_ connection: PostgresConnection, of owner: LoopConnections, scope: Scope?, kind: Kind) {
        self.owner = owner
        self.connection = connection
        self.scope = scope
        self.kind = kind
    }

    // MARK: On the loop

    func submit(_ sql: SQL, _ reply: PendingReply<ServerResult>) {
        if isOver {
            reply.answer(.failure(TransactionIsOver()))
            return
        }
        reply.onGivingUp = { [self] in isAbandoned = true }
        guard begin() else {
            reply.answer(.failure(prelude ?? lost))
            return
        }
        connection.send(sql) { [self] answer in
            switch answer {
            case .rows(let result): reply.answer(.success(result))
            case .refused(let error): reply.answer(.failure((error.isAfterFault ? unheard ?? error : error).asThrown))
            case .aborted:
                reply.answer(.failure((prelude ?? unheard)?.asThrown ?? DatabaseError(sqlState: "25P02")))
            case .lost: reply.answer(.failure(lost))
            }
        }
    }

    /// Sends a statement whose answer nobody waits for. When it is refused, so is all that follows, the commit at last.
    func submit(_ sql: SQL, ifRefused: @escaping @Sendable () -> Void) {
        guard !isOver, begin() else { return }
        connection.send(sql) { [self] answer in
            guard case .refused(let error) = answer else { return }
            if unheard == nil { unheard = error }
            ifRefused()
        }
    }

    /// A statement that is its own transaction may have been committed before the connection broke.
    private var lost: any Error {
        if case .singleStatement = kind { CommitOutcomeUnknown() } else { DatabaseUnavailable(.lost) }
    }

    /// False when nothing may follow: a statement must never run in another scope than it was meant for.
    private func begin() -> Bool {
        guard !isBegun else { return prelude == nil }
        isBegun = true
        let note: (Answer) -> Void = { [self] answer in
            if case .refused(let error) = answer { prelude = error }
        }
        if case .explicit(let isolation) = kind { connection.send(isolation.begin, note) }
        if let scope { return connection.send(scope.statement, note) }
        return true
    }

    func submitCommit(_ reply: PendingReply<Bool>) {
        guard isBegun, !isOver else {
            end()
            reply.answer(.success(true))
            return
        }
        if let fault = prelude ?? unheard {
            end()
            reply.answer(.failure(fault.asThrown))
            return
        }
        reply.onGivingUp = { [self] in owner.discard(connection) }
        isOver = true
        connection.send("commit") { [self] answer in
            let outcome: Result<Bool, any Error> =
                switch answer {
                // The server says ROLLBACK to the commit of a transaction in which a statement had failed.
                case .rows(let result) where result.command == "COMMIT": .success(true)
                case .rows: .failure(unheard?.asThrown ?? DatabaseError(sqlState: "25P02"))
                case .refused(let error): .failure(error.asThrown)
                case .aborted: .failure(unheard?.asThrown ?? CommitOutcomeUnknown())
                case .lost: .failure(CommitOutcomeUnknown())
                }
            if reply.answer(outcome) { owner.giveBack(connection) }
        }
    }

    /// Gives the connection back, undoing what was not committed.
    func end() {
        guard !isOver else { return }
        isOver = true
        if isAbandoned, !connection.isIdle { return owner.discard(connection) }
        if case .explicit = kind, isBegun, !connection.isBroken { connection.send("rollback") { _ in } }
        owner.giveBack(connection)
    }

    // MARK: From any task

    func run(_ sql: SQL, until deadline: Deadline) async throws -> ServerResult {
        try await PendingReply.wait(on: owner.loop, until: deadline, late: { [self] in late }) { [self] in
            submit(sql, $0)
        }
    }

    /// After what was refused was undone by a savepoint.
    func forgetFaults() { onLoop { $0.unheard = nil } }

    func send(_ sql: SQL, ifRefused: @escaping @Sendable () -> Void) {
        onLoop { $0.submit(sql, ifRefused: ifRefused) }
    }

    private func onLoop(_ work: @escaping @Sendable (Session) -> Void) {
        if owner.loop.isCurrent { work(self) } else { owner.loop.execute { [self] in work(self) } }
    }

    private var late: any Error {
        if case .singleStatement = kind { CommitOutcomeUnknown() } else { DatabaseUnavailable(.late) }
    }

    /// Not cancellable: once sent, its outcome matters more than the caller's deadline.
    func commit(until deadline: Deadline) async throws {
        _ = try await PendingReply.wait(
            on: owner.loop, until: deadline, isCancellable: false, late: { CommitOutcomeUnknown() }
        ) { [self] in submitCommit($0) }
    }

    func finish() {
        onLoop { $0.end() }
    }
}
