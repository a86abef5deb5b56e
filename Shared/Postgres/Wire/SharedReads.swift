internal import Kernel
internal import Lifecycle
internal import Net
internal import Pooling

/// The connection all reads of a loop share. Those of one turn travel as one batch; each stands alone: when one fails,
/// the innocent ones behind it are sent again by themselves, and the scope of one never reaches the next.
@safe final class SharedReads: @unchecked Sendable {
    struct Read: Sendable {
        let sql: SQL
        let scope: Scope?
        var plan = Plan.auto
        let reply: PendingReply<ServerResult>
        var tries = 0
    }

    /// Results a connection may owe; one more read is refused.
    private static let limit = 4096

    private let pool: Pool<PostgresConnection>
    /// What is in force at this point of the batch with this number, on this connection.
    private var inForce: (connection: PostgresConnection?, batch: Int, scope: Scope, plan: Plan) =
        (nil, 0, .nobody, .auto)

    init(_ pool: Pool<PostgresConnection>) { self.pool = pool }

    func submit(_ read: Read) {
        guard read.reply.isAwaited else { return }
        if let connection = pool.take(careful: false) { return send(read, over: connection) }
        pool.ask { [self] result in
            switch result {
            case .success(let connection): if read.reply.isAwaited { send(read, over: connection) }
            case .failure(let refusal): read.reply.answer(.failure(DatabaseUnavailable(refusal: refusal)))
            }
        }
    }

    func lost(_ connection: PostgresConnection) { pool.lost(connection) }

    func close() { pool.close() }

    private func send(_ read: Read, over connection: PostgresConnection) {
        if connection.waitingCount > Self.limit { return refuse(read, .busy) }
        if let error = set(read.scope ?? .nobody, read.plan, on: connection) {
            read.reply.answer(.failure(error))
            return
        }
        connection.send(read.sql) { [self] answer in settle(read, answer) }
    }

    /// The settings of a batch end with it; inside one, they are changed only where the next read is in another name.
    /// Answers why it could not be set; nothing may be read then, for the scope before would still be in force.
    private func set(_ scope: Scope, _ plan: Plan, on connection: PostgresConnection) -> (any Error)? {
        if inForce.connection !== connection || inForce.batch != connection.batch {
            inForce = (connection, connection.batch, .nobody, .auto)
        }
        guard inForce.scope != scope || inForce.plan != plan else { return nil }
        let statement = inForce.plan == plan ? scope.statement : scope.statement + ", " + plan.setting
        var refusal: DatabaseError?
        let isSent = connection.send(statement) { answer in
            if case .refused(let error) = answer { refusal = error }
        }
        guard isSent else { return refusal ?? DatabaseUnavailable(.lost) }
        inForce.scope = scope
        inForce.plan = plan
        return nil
    }

    private func settle(_ read: Read, _ answer: Answer) {
        switch answer {
        case .rows(let result): read.reply.answer(.success(result))
        case .refused(let error) where error.isStalePlan && read.tries < 2: again(read)
        case .refused(let error): read.reply.answer(.failure(error.asThrown))
        case .aborted: read.tries < 3 ? again(read) : refuse(read, .lost)
        case .lost: read.tries < 1 ? again(read) : refuse(read, .lost)
        }
    }

    /// In a batch of its own, so that only its own fault can fail it.
    private func again(_ read: Read) {
        var read = read
        read.tries += 1
        pool.take(careful: false)?.syncNow()
        submit(read)
        pool.take(careful: false)?.syncNow()
    }

    private func refuse(_ read: Read, _ reason: DatabaseUnavailable.Reason) {
        read.reply.answer(.failure(DatabaseUnavailable(reason)))
    }
}
