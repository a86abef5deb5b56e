internal import Kernel
package import Lifecycle
package import Net
package import Observability
package import Pooling

/// A PostgreSQL database as one service sees it: its schema, under its role. Reads share one pipelined connection per
/// event loop; transactions borrow one of a few. A call made on a loop of the group stays there; any other is served
/// by one of them.
///
/// Every call may throw `DatabaseUnavailable` (a 503), `DatabaseError`, `CancellationError`, and where something is
/// written `CommitOutcomeUnknown`.
package final class Database: Sendable {
    package let settings: DatabaseSettings
    private let group: EventLoopGroup
    private let connections: [LoopConnections]
    private let openers: BlockingPool
    private let cancellers: BlockingPool
    private let times: QueryTimes
    /// For jobs that one copy does.
    let locks: AdvisoryLocks
    /// When a server that is away is tried again, by all that connect to it for this process.
    package let gate = ReconnectGate()
    private let lastFault = Locked<ConnectionFault?>(nil)

    package init(_ settings: DatabaseSettings, group: EventLoopGroup, metrics: Metrics = Metrics()) {
        self.settings = settings
        self.group = group
        let openers = BlockingPool(name: "pg-open", threads: 2, queue: 64)
        let cancellers = BlockingPool(name: "pg-cancel", threads: 1, queue: 256)
        self.openers = openers
        self.cancellers = cancellers
        times = QueryTimes(metrics)
        locks = AdvisoryLocks(settings)
        connections = group.loops.map { [gate, lastFault] in
            LoopConnections(
                loop: $0, settings: settings, openers: openers, cancellers: cancellers, gate: gate, fault: lastFault)
        }
    }

    /// One `select` around the columns of `selection`: `read(Column<Int>("count(*)")) { "select \($0) from doctor" }`.
    /// It goes over the connection all reads of the loop share: for questions answered in a few milliseconds. A slow
    /// one holds up those behind it and belongs into `run`. With a scope, row-level security answers in that name;
    /// without, in nobody's.
    /// - Parameter plan: `.generic` where whatever values are bound, the same plan is right and planning costs more
    ///   than the answer.
    package func read<S: Selection>(
        _ selection: S, as scope: Scope? = nil, plan: Plan = .auto, until deadline: Deadline? = nil,
        _ statement: (S) throws -> SQL = { "select \($0)" }
    ) async throws -> [S.Row] {
        let result = try await result(of: statement(selection), as: scope, plan, until: deadline)
        return try selection.projection.rows(in: result)
    }

    /// What a statement that only reads gives.
    func result(
        of sql: SQL, as scope: Scope?, _ plan: Plan, until deadline: Deadline? = nil
    ) async throws -> ServerResult {
        let local = local()
        let begin = MonotonicTime.now
        defer { times.reads.observe(begin.duration(to: .now)) }
        return try await PendingReply.wait(
            on: local.loop, until: deadline ?? .after(settings.timeout, from: begin),
            late: { DatabaseUnavailable(.late) }
        ) { local.reads.submit(.init(sql: sql, scope: scope, plan: plan, reply: $0)) }
    }

    /// One statement as a transaction of its own, on a connection of its own.
    @discardableResult
    package func run(
        _ sql: SQL, as scope: Scope? = nil, refusals: Refusals = [:], until deadline: Deadline? = nil
    ) async throws -> Completion {
        Completion(affected: try await result(of: sql, as: scope, refusals, until: deadline).affected)
    }

    /// The same for a statement around the columns it selects or returns.
    package func run<S: Selection>(
        _ selection: S, as scope: Scope? = nil, refusals: Refusals = [:], until deadline: Deadline? = nil,
        _ statement: (S) throws -> SQL = { "select \($0)" }
    ) async throws -> [S.Row] {
        let result = try await result(of: statement(selection), as: scope, refusals, until: deadline)
        return try selection.projection.rows(in: result)
    }

    private func result(
        of sql: SQL, as scope: Scope?, _ refusals: Refusals, until deadline: Deadline?
    ) async throws -> ServerResult {
        let begin = MonotonicTime.now
        defer { times.runs.observe(begin.duration(to: .now)) }
        let deadline = deadline ?? .after(settings.timeout, from: begin)
        return try await retried(until: deadline) {
            let session = try await self.session(.singleStatement, as: scope, until: deadline)
            defer { session.finish() }
            do {
                return try await session.run(sql, until: deadline)
            } catch let error as DatabaseError {
                throw error.orProblem(refusals)
            }
        }
    }

    /// Runs `body` in one transaction and commits when it returns; undoes everything when it throws. A deadlock or a
    /// failed serialization runs `body` again, at most twice more, so it must do nothing but speak to the database.
    /// `refusals` are for constraints that are checked at the commit.
    @discardableResult
    package func transaction<T>(
        as scope: Scope? = nil, isolation: Isolation = .readCommitted, refusals: Refusals = [:],
        until deadline: Deadline? = nil, _ body: (Transaction) async throws -> T
    ) async throws -> T {
        let (value, actions) = try await committed(as: scope, isolation, refusals, until: deadline, body)
        for action in actions { await action() }
        return value
    }

    private func committed<T>(
        as scope: Scope?, _ isolation: Isolation, _ refusals: Refusals, until deadline: Deadline?,
        _ body: (Transaction) async throws -> T
    ) async throws -> (T, [@Sendable () async -> Void]) {
        let begin = MonotonicTime.now
        defer { times.transactions.observe(begin.duration(to: .now)) }
        let deadline = deadline ?? .after(settings.timeout, from: begin)
        return try await retried(until: deadline) {
            let session = try await self.session(.explicit(isolation), as: scope, until: deadline)
            defer { session.finish() }
            let tx = Transaction(session, until: deadline)
            let value = try await body(tx)
            do {
                try await session.commit(until: deadline)
            } catch let error as DatabaseError {
                throw error.orProblem(refusals)
            }
            return (value, tx.commitActions)
        }
    }

    /// Whether the database answers now: for readiness.
    package func ping(within timeout: Duration = .seconds(1)) async throws {
        _ = try await read(Column<Int>("1"), until: .after(timeout))
    }

    /// Why the last connection was not had, whether nobody answered or what answered is not the service's database;
    /// nil since one was.
    package var fault: ConnectionFault? { lastFault.withLock { $0 } }

    /// Closes the connections of all loops and frees the locks of jobs; calls after that throw
    /// `DatabaseUnavailable(.closed)`.
    package func close() {
        for local in connections { local.loop.execute { local.close() } }
        locks.close()
    }

    /// The connections of the calling loop; for a call from elsewhere, any.
    func local() -> LoopConnections {
        if let loop = EventLoop.current, loop.index < connections.count, connections[loop.index].loop === loop {
            return connections[loop.index]
        }
        return connections[group.any().index]
    }

    private func session(_ kind: Session.Kind, as scope: Scope?, until deadline: Deadline) async throws -> Session {
        let local = local()
        return try await PendingReply.wait(on: local.loop, until: deadline, late: { DatabaseUnavailable(.busy) }) {
            reply in
            local.borrow(reply) { Session($0, of: local, scope: scope, kind: kind) }
        }
    }

    /// A connection that broke before the commit has undone everything, so that starting over is safe.
    private func isWorthRetrying(_ error: any Error) -> Bool {
        switch error {
        case let error as DatabaseError: error.isWorthRetrying
        case let error as DatabaseUnavailable: error.reason == .lost
        default: false
        }
    }

    private func retried<T>(until deadline: Deadline, _ work: () async throws -> T) async throws -> T {
        for attempt in 0..<2 {
            do {
                return try await work()
            } catch  where isWorthRetrying(error) && !deadline.isPast() {
                times.retries.add()
                let pause = Backoff(base: .milliseconds(10), cap: .milliseconds(80))
                    .delay(attempt, random: .random(in: 0..<1))
                try await local().loop.sleep(pause)
            }
        }
        return try await work()
    }
}
