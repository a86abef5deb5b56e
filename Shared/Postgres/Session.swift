internal import Kernel
internal import Lifecycle
internal import Net
internal import Pooling

/// How far a transaction sees what others do meanwhile.
package enum Isolation: Sendable {
    case readCommitted, repeatableRead, serializable

    var begin: StaticString {
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

    let lane: Lane
    private let loan: Lane.Loan
    private let scope: Scope?
    private let kind: Kind
    private var isBegun = false
    private var isOver = false
    /// A statement whose caller stopped waiting may still run.
    private var isAbandoned = false
    private var prelude: DatabaseError?

    init(_ loan: Lane.Loan, on lane: Lane, scope: Scope?, kind: Kind) {
        self.lane = lane
        self.loan = loan
        self.scope = scope
        self.kind = kind
    }

    private var link: Link { loan.connection }

    // MARK: On the loop

    func submit(_ sql: SQL, _ asked: PendingReply<Rows>) {
        if isOver {
            asked.answer(.failure(TransactionIsOver()))
            return
        }
        asked.onGivingUp = { [self] in isAbandoned = true }
        guard begin() else {
            asked.answer(.failure(prelude ?? lost))
            return
        }
        link.send(sql) { [self] answer in
            switch answer {
            case .rows(let result): asked.answer(.success(Rows(result)))
            case .refused(let error): asked.answer(.failure(error.asThrown))
            case .aborted: asked.answer(.failure(prelude?.asThrown ?? DatabaseError(sqlState: "25P02")))
            case .lost: asked.answer(.failure(lost))
            }
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
        if case .explicit(let isolation) = kind { link.command(isolation.begin, note) }
        if let scope { return link.send(scope.statement, note) }
        return true
    }

    func submitCommit(_ asked: PendingReply<Bool>) {
        guard isBegun, !isOver else {
            end()
            asked.answer(.success(true))
            return
        }
        asked.onGivingUp = { [self] in lane.discard(loan) }
        isOver = true
        link.command("commit") { [self] answer in
            let outcome: Result<Bool, any Error> =
                switch answer {
                // The server says ROLLBACK to the commit of a transaction in which a statement had failed.
                case .rows(let result) where result.command == "COMMIT": .success(true)
                case .rows: .failure(DatabaseError(sqlState: "25P02"))
                case .refused(let error): .failure(error.asThrown)
                case .aborted, .lost: .failure(CommitOutcomeUnknown())
                }
            if asked.answer(outcome) { lane.giveBack(loan) }
        }
    }

    /// Gives the connection back, undoing what was not committed.
    func end() {
        guard !isOver else { return }
        isOver = true
        if isAbandoned, !link.isIdle { return lane.discard(loan) }
        if case .explicit = kind, isBegun, !link.isBroken { link.command("rollback") { _ in } }
        lane.giveBack(loan)
    }

    // MARK: From any task

    func run(_ sql: SQL, until deadline: Deadline) async throws -> Rows {
        try await PendingReply.wait(on: lane.loop, until: deadline, late: { [self] in late }) { [self] in
            submit(sql, $0)
        }
    }

    private var late: any Error {
        if case .singleStatement = kind { CommitOutcomeUnknown() } else { DatabaseUnavailable(.late) }
    }

    /// Not cancellable: once sent, its outcome matters more than the caller's patience.
    func commit(until deadline: Deadline) async throws {
        _ = try await PendingReply.wait(
            on: lane.loop, until: deadline, isCancellable: false, late: { CommitOutcomeUnknown() }
        ) { [self] in submitCommit($0) }
    }

    func finish() {
        if lane.loop.isCurrent { end() } else { lane.loop.execute { [self] in end() } }
    }
}
