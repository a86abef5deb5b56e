internal import Lifecycle

/// A transaction under way. It is only good inside the closure it was given to.
package struct Transaction: Sendable {
    private let session: Session
    private let deadline: Deadline
    private let actions = Locked<[@Sendable () async -> Void]>([])

    init(_ session: Session, until deadline: Deadline) {
        self.session = session
        self.deadline = deadline
    }

    /// Runs one statement. A broken constraint that `refusals` names is thrown as its Problem, any other fault as
    /// `DatabaseError`. After a fault nothing more can be done in this transaction; let it be thrown.
    @discardableResult
    package func run(_ sql: SQL, refusals: Refusals = [:]) async throws -> Completion {
        Completion(affected: try await result(of: sql, refusals).affected)
    }

    /// The same for a statement around the columns it selects or returns.
    package func run<S: Selection>(
        _ selection: S, refusals: Refusals = [:], _ statement: (S) throws -> SQL = { "select \($0)" }
    ) async throws -> [S.Row] {
        try selection.projection.rows(in: await result(of: statement(selection), refusals))
    }

    /// Sends a statement without waiting for its answer: it leaves with what follows. When it fails, so does the
    /// transaction, at its commit at the latest. For rows that no constraint is expected to refuse.
    /// - Parameter ifRefused: is called on the event loop before the transaction fails.
    package func send(_ sql: SQL, ifRefused: @escaping @Sendable () -> Void = {}) {
        session.send(sql, ifRefused: ifRefused)
    }

    /// Until the transaction ends, rows are found by indexes, however small the server believes their tables to be.
    /// For statements that stay prepared from a time when the tables were empty: planned then, a join reads all rows,
    /// and goes on doing so until the tables are analysed.
    package func findByIndexes() {
        let settings = ["enable_seqscan", "enable_hashjoin", "enable_mergejoin"] as [SQL]
        send("select \(sql: .joined(settings.map { "set_config('\(sql: $0)', 'off', true)" }))")
    }

    private func result(of sql: SQL, _ refusals: Refusals) async throws -> ServerResult {
        do {
            return try await session.run(sql, until: deadline)
        } catch let error as DatabaseError {
            throw error.orProblem(refusals)
        }
    }

    /// From here on row-level security answers in this name: for who came to be in this very transaction.
    package func speak(as scope: Scope) async throws { try await run(scope.statement) }

    /// Does `work` once the transaction is committed and its connection given back, before the call that made the
    /// transaction returns. Never when it is undone, or `attempt` undoes the part this was said in.
    package func afterCommit(_ work: @escaping @Sendable () async -> Void) { actions.withLock { $0.append(work) } }

    var commitActions: [@Sendable () async -> Void] { actions.withLock { $0 } }

    /// Runs `body` under a savepoint: when it throws, only what it did is undone, and the transaction goes on.
    package func attempt<T>(_ body: () async throws -> T) async throws -> T {
        try await run("savepoint attempt")
        let kept = actions.withLock { $0.count }
        do {
            let value = try await body()
            try await run("release savepoint attempt")
            return value
        } catch {
            try await run("rollback to savepoint attempt")
            session.forgetFaults()
            actions.withLock { $0.removeLast($0.count - kept) }
            throw error
        }
    }
}
